"""The service's tables, one module a subject."""

from service.store.tables.access import AccessEvent, AccessHead
from service.store.tables.calendars import (
    CalendarPeriod,
    CalendarState,
    CalendarYearRow,
    ProvisionalDate,
)
from service.store.tables.deadlines import DeadlineSetting
from service.store.tables.deputies import Deputy
from service.store.tables.designs import WorkingCopy
from service.store.tables.events import (
    EventSubscription,
    Message,
    MessageCorrelation,
    StartSubscription,
)
from service.store.tables.files import Document
from service.store.tables.history import HistoryEntry, HistoryValue
from service.store.tables.instances import ElementInstance, ProcessInstance, Variable
from service.store.tables.notifications import (
    Notification,
    NotificationChoice,
    NotificationDigest,
)
from service.store.tables.organization import (
    OrganizationUnit,
    Post,
    PostGroup,
    PostGroupLabel,
    PostLabel,
)
from service.store.tables.people import (
    ApiToken,
    AuthorizationGrant,
    CandidateGroup,
    Membership,
    Person,
    SignInAttempt,
    WebSession,
)
from service.store.tables.personal import PasswordLink, PersonalDatum
from service.store.tables.public import (
    Disclosure,
    DisclosureParty,
    Notice,
    NoticeProcedure,
    Objection,
    ObjectionAnswer,
    PublicDocument,
    RateCount,
    VerificationCode,
)
from service.store.tables.recusal import PersonalTie, TaskBar, TaskParty, TieLookup
from service.store.tables.resources import (
    ClosedProcedure,
    DecisionDefinition,
    Deployment,
    FormDefinition,
    ProcessDefinition,
    Resource,
)
from service.store.tables.tasks import Draft, InboxEntry, UserTask
from service.store.tables.work import Incident, Job

__all__ = [
    "AccessEvent",
    "AccessHead",
    "ApiToken",
    "AuthorizationGrant",
    "CalendarPeriod",
    "CalendarState",
    "CalendarYearRow",
    "CandidateGroup",
    "ClosedProcedure",
    "DeadlineSetting",
    "DecisionDefinition",
    "Deployment",
    "Deputy",
    "Disclosure",
    "DisclosureParty",
    "Document",
    "Draft",
    "ElementInstance",
    "EventSubscription",
    "FormDefinition",
    "HistoryEntry",
    "HistoryValue",
    "InboxEntry",
    "Incident",
    "Job",
    "Membership",
    "Message",
    "MessageCorrelation",
    "Notice",
    "NoticeProcedure",
    "Notification",
    "NotificationChoice",
    "NotificationDigest",
    "Objection",
    "ObjectionAnswer",
    "OrganizationUnit",
    "PasswordLink",
    "Person",
    "PersonalDatum",
    "PersonalTie",
    "Post",
    "PostGroup",
    "PostGroupLabel",
    "PostLabel",
    "ProcessDefinition",
    "ProcessInstance",
    "ProvisionalDate",
    "PublicDocument",
    "RateCount",
    "Resource",
    "SignInAttempt",
    "StartSubscription",
    "TaskBar",
    "TaskParty",
    "TieLookup",
    "UserTask",
    "Variable",
    "VerificationCode",
    "WebSession",
    "WorkingCopy",
]
