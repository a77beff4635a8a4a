"""Files of forms: uploaded for one field, seen by the uploader, then by who may see the case."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from service.commands import deployments, documents
from service.commands.documents import DocumentReceipt
from service.domain.actors import SYSTEM, Actor
from service.domain.errors import FieldsInvalid
from service.domain.files import (
    DocumentInUse,
    DocumentNotFound,
    FileEndingContradicts,
    FileFieldUnknown,
    FileTypeRefused,
    TooManyFiles,
)
from service.domain.values import Json
from service.store.tables import AccessEvent, Document
from tests.fixtures_commands import DIAGRAMS, EVIDENCE, Deploy, Stage

PDF = b"%PDF-1.7\n1 0 obj"

Upload = Callable[..., DocumentReceipt]


@pytest.fixture
def definition(deploy: Deploy) -> int:
    [process] = deploy(*EVIDENCE).processes
    return process.key


@pytest.fixture
def upload(stage: Stage, definition: int) -> Upload:
    """Upload as the applicant, for the start form unless another subject is given."""

    def upload_one(
        actor: Actor | None = None,
        *,
        subject: int | None = None,
        field: str = "证明",
        name: str = "证明.pdf",
        content: bytes = PDF,
    ) -> DocumentReceipt:
        return documents.upload(
            stage.rooms,
            subject or definition,
            field=field,
            file_name=name,
            stream=io.BytesIO(content),
            actor=actor or stage.cast.applicant,
            now=stage.clock.now,
        )

    return upload_one


def test_a_field_takes_what_its_form_says(stage: Stage, definition: int, upload: Upload) -> None:
    text = (DIAGRAMS / "evidence.form").read_text("utf-8")
    form = text.replace('"type": "filepicker"', '"type": "filepicker", "accept": ".jpg, .PNG"')
    files = [deployments.Upload("evidence.form", form.encode())]
    files += [deployments.Upload("evidence.bpmn", (DIAGRAMS / "evidence.bpmn").read_bytes())]
    [process] = deployments.deploy(
        stage.rooms, files, actor=SYSTEM, now=stage.clock.forward(minutes=5)
    ).processes
    with pytest.raises(FileTypeRefused, match="可以上传：PNG 图片、JPEG 图片。"):
        upload(subject=process.key)
    upload(subject=process.key, name="证明.png", content=b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")


def started_with(stage: Stage, **fields: Json) -> int:
    return stage.start("evidence", variables=fields).instance_key


def read(stage: Stage, key: int, actor: Actor) -> bytes:
    _, file = documents.open_for(stage.rooms, key, actor=actor, now=stage.clock.now)
    with file:
        return file.read()


def stored_files(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "files").rglob("*") if path.is_file()]


def test_a_file_goes_with_the_submission(stage: Stage, upload: Upload) -> None:
    receipt = upload()

    key = started_with(stage, 证明=[str(receipt.key)])

    assert stage.variables(key)["证明"] == [str(receipt.key)]
    assert stage.row(Document)["instance_key"] == key
    assert read(stage, receipt.key, stage.cast.officer) == PDF


def test_a_download_is_recorded(stage: Stage, upload: Upload) -> None:
    receipt = upload()
    key = started_with(stage, 证明=[str(receipt.key)])

    read(stage, receipt.key, stage.cast.officer)

    event = stage.row(AccessEvent, kind="document_downloaded")
    assert (event["person"], event["subject"]) == ("li.na", "zhang.min")
    assert event["reference"] == f"document/{receipt.key}"
    assert event["details"] == {"instance": str(key)}


def test_until_then_the_uploader_alone_sees_it(stage: Stage, upload: Upload) -> None:
    receipt = upload()

    assert read(stage, receipt.key, stage.cast.applicant) == PDF
    for other in (stage.cast.officer, stage.cast.stranger):
        with pytest.raises(DocumentNotFound):
            read(stage, receipt.key, other)


def test_a_stranger_never_sees_it(stage: Stage, upload: Upload) -> None:
    receipt = upload()
    started_with(stage, 证明=[str(receipt.key)])

    with pytest.raises(DocumentNotFound):
        read(stage, receipt.key, stage.cast.stranger)


def test_an_operator_sees_no_file(stage: Stage, upload: Upload, operator: Actor) -> None:
    receipt = upload()
    started_with(stage, 证明=[str(receipt.key)])

    with pytest.raises(DocumentNotFound):
        read(stage, receipt.key, operator)


def test_a_path_in_the_name_is_harmless(stage: Stage, upload: Upload, tmp_path: Path) -> None:
    receipt = upload(name="../../../etc/passwd\x00.pdf")

    assert receipt.file_name == "passwd.pdf"
    assert stored_files(tmp_path) == [
        stage.rooms.files.path(str(stage.row(Document)["storage_name"]))
    ]


def test_a_file_of_another_kind_is_refused(stage: Stage, upload: Upload, tmp_path: Path) -> None:
    with pytest.raises(FileTypeRefused):
        upload(name="证明.pdf", content=b"<script>alert(1)</script>")

    assert stage.rows(Document) == []
    assert stored_files(tmp_path) == []


def test_an_ending_that_contradicts_the_content_leaves_nothing_behind(
    stage: Stage, upload: Upload, tmp_path: Path
) -> None:
    with pytest.raises(FileEndingContradicts, match=r"「证明\.pdf\.exe」") as refusal:
        upload(name="证明.pdf.exe")

    assert list(refusal.value.errors) == ["证明"]
    assert stage.rows(Document) == []
    assert stored_files(tmp_path) == []


def test_a_missing_ending_is_added_before_the_file_is_kept(stage: Stage, upload: Upload) -> None:
    assert upload(name="长" * 300).file_name == "长" * 196 + ".pdf"
    assert upload(name="NUL").file_name == "_NUL.pdf"


@pytest.mark.parametrize("field", ["说明", "没有", "成果", "扫描件", "", "证明'; --", "x\x00"])
def test_only_a_file_field_takes_files(stage: Stage, upload: Upload, field: str) -> None:
    with pytest.raises(FileFieldUnknown):
        upload(field=field)


def test_a_field_in_a_list_takes_one_a_row(stage: Stage, upload: Upload) -> None:
    first, second = upload(field="成果[].扫描件"), upload(field="成果[].扫描件")
    rows: Json = [
        {"名称": "论文", "扫描件": [str(first.key)]},
        {"名称": "课题", "扫描件": [str(second.key)]},
    ]

    key = started_with(stage, 成果=rows)

    assert stage.variables(key)["成果"] == rows
    assert {row["instance_key"] for row in stage.rows(Document)} == {key}


@pytest.mark.parametrize("wrong", ["7", "x", "-1", "9" * 30, "1.5", "../a", ""])
def test_a_key_that_is_none_is_refused(stage: Stage, upload: Upload, wrong: str) -> None:
    with pytest.raises(FieldsInvalid) as refused:
        started_with(stage, 证明=[wrong])

    assert {path.partition("[")[0] for path in refused.value.errors} == {"证明"}


def test_anothers_file_is_refused(stage: Stage, upload: Upload) -> None:
    theirs = upload(stage.cast.officer)

    with pytest.raises(FieldsInvalid) as refused:
        started_with(stage, 证明=[str(theirs.key)])

    assert refused.value.errors == {"证明": ["附件不存在，或者不是在这里上传的，请重新上传。"]}
    assert stage.row(Document)["instance_key"] is None


def test_a_file_of_another_field_is_refused(stage: Stage, upload: Upload) -> None:
    scan = upload(field="成果[].扫描件")

    with pytest.raises(FieldsInvalid):
        started_with(stage, 证明=[str(scan.key)])


def test_a_file_of_another_case_is_refused(stage: Stage, upload: Upload) -> None:
    receipt = upload()
    started_with(stage, 证明=[str(receipt.key)])

    with pytest.raises(FieldsInvalid):
        started_with(stage, 证明=[str(receipt.key)])


def test_a_later_form_of_the_same_case_keeps_it(stage: Stage, upload: Upload) -> None:
    receipt = upload()
    key = started_with(stage, 证明=[str(receipt.key)])
    task = stage.task(key, "check")
    more = upload(stage.cast.officer, subject=task)

    stage.complete(task, stage.cast.officer, {"证明": [str(receipt.key), str(more.key)]})

    assert {row["instance_key"] for row in stage.rows(Document)} == {key}


def test_two_candidates_do_not_see_each_others_unsent_files(stage: Stage, upload: Upload) -> None:
    task = stage.task(started_with(stage), "check")
    theirs = upload(stage.cast.officer, subject=task)

    with pytest.raises(FieldsInvalid):
        stage.complete(task, stage.cast.applicant, {"证明": [str(theirs.key)]})


def test_an_unsent_file_can_be_taken_back(stage: Stage, upload: Upload) -> None:
    receipt = upload()
    with stage.rooms.write() as tools:
        documents.delete(tools, receipt.key, actor=stage.cast.applicant)

    with pytest.raises(FieldsInvalid):
        started_with(stage, 证明=[str(receipt.key)])


def test_a_sent_file_stays(stage: Stage, upload: Upload) -> None:
    receipt = upload()
    started_with(stage, 证明=[str(receipt.key)])

    with pytest.raises(DocumentInUse, match=r"证明\.pdf"), stage.rooms.write() as tools:
        documents.delete(tools, receipt.key, actor=stage.cast.applicant)


def test_a_file_taken_back_between_check_and_lock_is_refused(stage: Stage, upload: Upload) -> None:
    receipt = upload()

    def take_back() -> None:
        with stage.rooms.write() as tools:
            documents.delete(tools, receipt.key, actor=stage.cast.applicant)

    with pytest.raises(FieldsInvalid):
        started_with(stage.after_the_check(take_back), 证明=[str(receipt.key)])


def test_a_form_does_not_hold_any_number_of_them(
    stage: Stage, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "PENDING_LIMIT", 2)
    upload()
    upload()

    with pytest.raises(TooManyFiles):
        upload()


def test_cleaning_up_leaves_what_is_in_use(stage: Stage, upload: Upload, tmp_path: Path) -> None:
    used, forgotten = upload(), upload()
    started_with(stage, 证明=[str(used.key)])
    stage.rooms.files.receive(io.BytesIO(PDF), file_name="没有记录")
    later = stage.clock.now + timedelta(days=20 * 365)

    assert documents.clean_up(stage.rooms, now=later) == 2

    assert stage.key(Document) == used.key
    assert len(stored_files(tmp_path)) == 1
    assert forgotten.key != used.key


def test_cleaning_up_waits_for_uploads_under_way(stage: Stage, upload: Upload) -> None:
    stage.rooms.files.receive(io.BytesIO(PDF), file_name="刚上传")

    assert documents.clean_up(stage.rooms, now=stage.clock.now) == 0
