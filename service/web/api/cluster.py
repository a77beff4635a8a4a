"""What a client asks to know whom it talks to: topology and licence."""

from typing_extensions import TypedDict

from service.settings import RELEASE
from service.web.api.operations import Call, Operations

operations = Operations("系统")


class Partition(TypedDict):
    """一个分区。"""

    partitionId: int
    role: str
    health: str
    state: str


class BrokerInfo(TypedDict):
    """一个节点。"""

    nodeId: int
    brokerId: str
    host: str
    port: int
    partitions: list[Partition]
    version: str


class TopologyResponse(TypedDict):
    """系统的组成：从外面看总是一个节点、一个分区。"""

    brokers: list[BrokerInfo]
    clusterId: str | None
    clusterSize: int
    partitionsCount: int
    replicationFactor: int
    gatewayVersion: str
    lastCompletedChangeId: str


class LicenseResponse(TypedDict):
    """许可；本系统不需要。"""

    validLicense: bool
    licenseType: str
    isCommercial: bool
    expiresAt: str | None


@operations.get("/v2/topology", "系统的组成和版本")
def get_topology(call: Call) -> TopologyResponse:
    """Describe the service as one node with one partition."""
    return {
        "brokers": [
            {
                "nodeId": 0,
                "brokerId": "0",
                "host": "localhost",
                "port": 0,
                "partitions": [
                    {"partitionId": 1, "role": "leader", "health": "healthy", "state": "active"}
                ],
                "version": RELEASE,
            }
        ],
        "clusterId": None,
        "clusterSize": 1,
        "partitionsCount": 1,
        "replicationFactor": 1,
        "gatewayVersion": RELEASE,
        "lastCompletedChangeId": "-1",
    }


@operations.get("/v2/license", "许可")
def get_license(call: Call) -> LicenseResponse:
    """Say that none is needed."""
    return {
        "validLicense": True,
        "licenseType": "none",
        "isCommercial": False,
        "expiresAt": None,
    }
