"""Checks an export of the register (`flask audit export FILE`) without the register: python stand_alone.py FILE

Needs Python 3.11 and `cryptography`, and nothing of ours. It computes every digest, chain and signature again and says each
thing that does not agree in a sentence: exit 0 where there is none, 1 otherwise. What was redacted is told apart and said.
Which keys to trust is yours to know: compare the key numbers it prints with the ones you were given.
"""

import base64
import hashlib
import json
import sys
from collections.abc import Iterator
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Line = dict[str, Any]
START = "0" * 64
EVENT = ("stream", "position", "at", "actor_kind", "person_id", "organisation_id", "kind", "payload_digest", "rows", "previous")
SEALED = (
    "organisation_id", "subject_kind", "subject_id", "act", "digest", "section_digests", "outcome", "statement", "details",
    "person_id", "person_name", "appointment_id", "appointment_text", "agreement_id", "registration", "role", "signed_at",
    "key_id", "registration_expires_on",
)  # fmt: skip
RECEIPTS = {
    "sign_off.sealed", "advice.given", "authorisation.made", "submission.decided", "decision.made", "deployment.suspended",
}  # fmt: skip
WITHHELD = {"person": ["password_hash"]}


def dumps(value: Any) -> bytes:
    """Canonical JSON (RFC 8785) of values without floats."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(value: Any) -> str:
    return hashlib.sha256(dumps(value)).hexdigest()


def lines(file: str) -> Iterator[tuple[int, bytes, Line]]:
    with open(file, "rb") as opened:
        for number, line in enumerate(opened, 1):
            try:
                yield number, line, dict(json.loads(line))
            except ValueError:
                yield number, line, {"is": "unreadable"}


class Check:
    """What was read so far; `found` are findings, `removed` what redactions took out."""

    def __init__(self) -> None:
        self.keys: dict[str, Ed25519PublicKey] = {}
        self.redactions: dict[tuple[str, Any], list[Line]] = {}
        self.found: list[str] = []
        self.removed: list[str] = []
        self.kept: set[str] = set()
        self.heads: dict[str, tuple[int, str]] = {}
        self.hashes: dict[tuple[str, int], str] = {}
        self.latest: dict[tuple[str, Any], str] = {}
        self.signed: dict[tuple[str, int], str] = {}
        self.made: dict[str, str] = {}
        self.last, self.ended = START, False
        self.last_heads: dict[str, Any] = {}
        self.counts: dict[str, int] = {}
        self.sum = hashlib.sha256()

    def first(self, line: Line) -> None:
        """Before anything else: which keys there are, and what was redacted."""
        if line.get("is") == "key":
            raw = base64.b64decode(line["public"])
            if hashlib.sha256(raw).hexdigest()[:16] == line["key_id"]:
                self.keys[line["key_id"]] = Ed25519PublicKey.from_public_bytes(raw)
        if line.get("is") == "row" and line["table"] == "redaction":
            row = line["columns"]
            self.redactions.setdefault((row["table_name"], row["row_id"]), []).append(row)

    def signature(self, key_id: Any, signature: Any, body: Any) -> bool:
        try:
            self.keys[key_id].verify(base64.b64decode(signature, validate=True), dumps(body))
        except (KeyError, ValueError, TypeError, InvalidSignature):
            return False
        return True

    def became(self, place: tuple[str, Any], before: str, after: str) -> bool:
        """Whether redactions lead from one digest to another, step by step."""
        left = list(self.redactions.get(place, ()))
        while step := next((each for each in left if each["before_digest"] == before), None):
            left.remove(step)
            before = step["after_digest"]
            self.removed.append(f"{place[0]} row {place[1]}: a text was removed on {step['redacted_at'][:10]}: {step['reason']}")
        return before == after

    def register(self, line: Line) -> None:
        self.kept = set(line["kept"])

    def key(self, line: Line) -> None:
        if line["key_id"] not in self.keys:
            self.found.append(f"key {line['key_id']}: its number is not the digest of the key.")

    def event(self, line: Line) -> None:
        where, stream = f"{line['stream']} event {line['position']}", line["stream"]
        position, previous = self.heads.get(stream, (0, START))
        if line["position"] != position + 1:
            self.found.append(f"{where}: position {position + 1} was expected, so an event is missing or out of order.")
        if line["previous"] != previous:
            self.found.append(f"{where}: it does not follow from the event before it.")
        body = {name: line[name] for name in EVENT}
        if line["hash"] not in (digest({**body, "id": line["id"]}), digest(body)):
            self.found.append(f"{where}: its content is not what was recorded.")
        if "payload" not in line:
            self.found.append(f"{where}: its details are gone.")
        elif not self.became(("audit_payload", line["id"]), line["payload_digest"], digest(line["payload"])):
            self.found.append(f"{where}: its details are not what was recorded.")
        for table, number, told in line["rows"]:
            before = self.latest.get((table, number), told)
            steps = [(each["before_digest"], each["after_digest"]) for each in self.redactions.get((table, number), ())]
            redacts = line["kind"] == "redaction.made" and (before, told) in steps
            if table in self.kept and before != told and not redacts:
                self.found.append(f"{table} row {number}: it is kept as written, and a later event tells another.")
            elif before != told and redacts:
                self.became((table, number), before, told)
            self.latest[(table, number)] = told
        self.heads[stream] = (line["position"], line["hash"])
        self.hashes[(stream, line["position"])] = line["hash"]
        if line["kind"] in RECEIPTS:
            self.signed[(stream, line["position"])] = line["hash"]
        if line["kind"] == "checkpoint.made" and "payload" in line:
            self.made[line["payload"]["name"]] = line["payload"]["digest"]

    def head(self, line: Line) -> None:
        if self.heads.pop(line["stream"], (0, "")) != (line["position"], line["head"]):
            self.found.append(f"{line['stream']}: its head is not the last event that is here.")

    def row(self, line: Line) -> None:
        where, told = f"{line['table']} row {line['id']}", self.latest.pop((line["table"], line["id"]), None)
        if told is None:
            self.found.append(f"{where}: no event tells of it.")
        elif line.get("withheld"):
            if line["withheld"] != WITHHELD.get(line["table"]):
                self.found.append(f"{where}: columns are withheld that should be here.")
        elif line["columns"] is None or digest(line["columns"]) != told:
            self.found.append(f"{where}: it is not as its latest event left it.")
        if line["table"] == "sign_off" and line["columns"] is not None:
            row = line["columns"]
            body = {name: row.get(name) for name in SEALED}
            again = [each for each in self.redactions.get(("sign_off", line["id"]), ()) if each.get("seal")][-1:]
            if not any(self.signature(each.get("key_id"), each.get("seal"), body) for each in (row, *again)):
                self.found.append(f"{where}: its seal does not hold.")

    def receipt(self, line: Line) -> None:
        event = line["file"]["event"]
        place = (event["stream"], event["position"])
        if line["name"] != f"receipts/{place[0].replace(':', '-')}/{place[1]:09d}.json" or not self.signature(
            line["file"]["key_id"], line["file"]["signature"], event
        ):
            self.found.append(f"{line['name']}: its signature does not hold.")
        elif self.signed.pop(place, None) != event["hash"]:
            self.found.append(f"receipt {place[0]} {place[1]}: the chain does not hold the event it was given for.")

    def checkpoint(self, line: Line) -> None:
        body, where = line["file"]["checkpoint"], f"checkpoint {line['name']}"
        if body["name"] != line["name"] or not self.signature(line["file"]["key_id"], line["file"]["signature"], body):
            self.found.append(f"{where}: its signature does not hold.")
        if body["before_digest"] != self.last:
            self.found.append(f"{where}: it does not follow from the one before it, which is changed or missing.")
        for stream, (position, head) in body["heads"].items():
            if position > 0 and self.hashes.get((stream, position)) != head:
                self.found.append(f"{where}: {stream} event {position}, the head it names, is another or is gone.")
            if position < self.last_heads.get(stream, (0, ""))[0]:
                self.found.append(f"{where}: {stream} was further on when the one before it was made.")
        self.last, self.last_heads = digest(line["file"]), {**self.last_heads, **body["heads"]}
        if self.made.pop(line["name"], self.last) != self.last:
            self.found.append(f"{where}: it is not the one that the chain tells of.")

    def end(self, line: Line) -> None:
        self.ended = True
        said = {"sha256": self.sum.hexdigest(), "lines": sum(self.counts.values()) - 1}
        if line["body"] != said or not self.signature(line["key_id"], line["signature"], said):
            self.found.append("The export was changed after it was written: its last line does not fit.")

    def rest(self) -> None:
        """What should have come and did not."""
        self.found += [f"{stream}: it has events and no head." for stream in self.heads]
        self.found += [f"{table} row {number}: an event tells of it and it is gone." for table, number in self.latest]
        self.found += [f"{stream} event {position}: its receipt is not in the store." for stream, position in self.signed]
        self.found += [f"checkpoint {name}: the chain tells of it and it is not in the store." for name in self.made]
        self.found += [] if self.ended else ["The export has no last line: it was cut."]


def check(file: str) -> Check:
    """Read the export twice: keys and redactions first, then everything. Gives the whole of what was read."""
    this = Check()
    for number, _, line in lines(file):
        try:
            this.first(line)
        except (LookupError, TypeError, ValueError, AttributeError):
            this.found.append(f"line {number}: it cannot be read.")
    for number, raw, line in lines(file):
        name = str(line.get("is"))
        this.counts[name] = this.counts.get(name, 0) + 1
        try:
            if name not in ("register", "key", "event", "head", "row", "receipt", "checkpoint", "end") or this.ended:
                raise ValueError(name)
            getattr(this, name)(line)
        except (LookupError, TypeError, ValueError, AttributeError):
            this.found.append(f"line {number}: {line.get('name') or line.get('table') or name} cannot be read.")
        this.sum.update(raw)
    this.rest()
    return this


if __name__ == "__main__":
    done = check(sys.argv[1])
    print(*dict.fromkeys(done.removed), *dict.fromkeys(done.found), sep="\n")
    print(f"Signed by keys {', '.join(sorted(done.keys))}. Columns withheld, so not checked: {WITHHELD}.")
    counted = ", ".join(f"{done.counts.get(name, 0)} {name}s" for name in ("event", "row", "receipt", "checkpoint"))
    print(f"{counted}: " + (f"{len(set(done.found))} findings." if done.found else "the export is whole."))
    sys.exit(1 if done.found else 0)
