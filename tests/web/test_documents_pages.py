"""Files: taken by content, sent to be saved, seen by nobody who may not see the case."""

import gc
import io
import tempfile

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from service.store.tables import Document
from tests.faults.disks import NoSmallDisk, small_disk
from tests.fixtures_commands import EVIDENCE, Deploy, Stage
from tests.fixtures_store import Cast
from tests.web.conftest import Visit, Visitor

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def subject(deploy: Deploy) -> str:
    """The start form that files are chosen for."""
    receipt = deploy(*EVIDENCE)
    return str(receipt.processes[0].key)


def upload(
    visitor: Visitor, subject: str, content: bytes = PDF, name: str = "证明 第1页.pdf"
) -> TestResponse:
    file = FileStorage(io.BytesIO(content), name)
    boundary, body = encode_multipart({"subject": subject, "field": "证明", "file": file})
    return visitor.client.post(
        "/documents",
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
        headers={"X-CSRFToken": visitor.token(), "Accept": "application/json"},
    )


def test_a_file_is_taken_and_told_by_its_name_and_size(
    visit: Visit, cast: Cast, subject: str
) -> None:
    answer = upload(visit(cast.applicant), subject)
    assert answer.status_code == 201
    assert answer.get_json()["fileName"] == "证明 第1页.pdf"
    assert answer.get_json()["size"] == len(PDF)


def test_a_file_is_sent_to_be_saved_never_shown_as_a_page_of_ours(
    visit: Visit, cast: Cast, subject: str
) -> None:
    applicant = visit(cast.applicant)
    key = upload(applicant, subject).get_json()["key"]
    with applicant.get(f"/documents/{key}") as answer:
        assert answer.data == PDF
        headers = answer.headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    disposition = headers["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    assert "filename*=UTF-8''%E8%AF%81%E6%98%8E%20%E7%AC%AC1%E9%A1%B5.pdf" in disposition


def test_others_learn_of_no_file(visit: Visit, cast: Cast, subject: str) -> None:
    key = upload(visit(cast.applicant), subject).get_json()["key"]
    for other in (cast.stranger, cast.officer):
        assert visit(other).get(f"/documents/{key}").status_code == 404
        assert visit(other).send("DELETE", f"/documents/{key}").status_code == 404


def test_a_file_that_was_not_submitted_can_be_taken_back(
    visit: Visit, cast: Cast, subject: str, stage: Stage
) -> None:
    applicant = visit(cast.applicant)
    key = upload(applicant, subject).get_json()["key"]
    assert applicant.send("DELETE", f"/documents/{key}").status_code == 204
    assert stage.rows(Document) == []


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"<html><script>alert(1)</script>", "证明.pdf", "不是可以上传的类型"),
        (b"MZ\x90\x00", "证明.pdf", "不是可以上传的类型"),
        (b"", "空.pdf", "是空的"),
        (PDF + b"x" * 1024 * 1024, "大.pdf", "超过 1 MB"),
    ],
    ids=["html", "program", "empty", "large"],
)
def test_what_no_form_takes_is_refused(
    visit: Visit, cast: Cast, subject: str, content: bytes, name: str, said: str
) -> None:
    refused = upload(visit(cast.applicant), subject, content, name)
    assert refused.status_code == 400
    assert said in refused.get_json()["detail"]


def test_what_is_far_too_large_is_not_even_read(visit: Visit, cast: Cast, subject: str) -> None:
    refused = upload(visit(cast.applicant), subject, b"x" * 3 * 1024 * 1024)
    assert refused.status_code == 413
    assert "太大" in refused.get_json()["detail"]


# Python's own spooled file writes once more as it is thrown away, which fails like the first time.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_where_nothing_can_be_put_down_it_is_said(
    visit: Visit, cast: Cast, subject: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, large = visit(cast.applicant), PDF + b"\0" * 900_000
    try:
        with small_disk(1) as disk:
            (disk / "ballast").write_bytes(b"\0" * 600_000)
            monkeypatch.setattr(tempfile, "tempdir", str(disk))
            refused = upload(visitor, subject, large)
    except NoSmallDisk as reason:
        pytest.skip(f"this machine does not let us mount: {reason}")
    gc.collect()
    assert refused.status_code == 503
    assert refused.get_json()["code"] == "storage-full"
    monkeypatch.undo()
    assert upload(visitor, subject, large).status_code == 201


def test_a_path_in_a_name_leads_nowhere(visit: Visit, cast: Cast, subject: str) -> None:
    answer = upload(visit(cast.applicant), subject, name="../../etc/passwd")
    assert answer.get_json()["fileName"] == "passwd.pdf"


def test_an_ending_that_is_not_the_contents_is_refused_at_its_field(
    visit: Visit, cast: Cast, subject: str, stage: Stage
) -> None:
    refused = upload(visit(cast.applicant), subject, name="证明.pdf.exe")
    assert refused.status_code == 422
    [said] = refused.get_json()["errors"]["证明"]
    assert "扩展名却是“.exe”" in said
    assert stage.rows(Document) == []


def test_an_upload_without_a_file_says_what_is_missing(
    visit: Visit, cast: Cast, subject: str
) -> None:
    applicant = visit(cast.applicant)
    assert applicant.post("/documents", {"subject": subject, "field": "证明"}).status_code == 400
    assert applicant.post("/documents", {"subject": "../1"}).status_code == 400


def test_a_stranger_uploads_nothing(visit: Visit, cast: Cast, subject: str) -> None:
    assert upload(visit(cast.stranger), subject).status_code == 404
