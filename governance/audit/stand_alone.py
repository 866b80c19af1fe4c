"""Checks an export of the register (`flask audit export FILE`) without the register: python stand_alone.py FILE

Needs Python 3.11 and `cryptography`, and nothing of ours. Computes every digest, chain and signature again and says
what does not agree: exit 0 where all does, 1 otherwise. Compare the numbers of the keys with those you were given.
`is` in a line names a method read_… below; lines come in their order. Digests: SHA-256 over canonical JSON (RFC 8785).
"""

import base64
import hashlib
import json
import sys
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

START = "0" * 64  # what the first of a chain follows from
EMPTY = dict.fromkeys(("appointment_id", "agreement_id", "registration_expires_on"))  # sealed even where there is none


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(value: Any) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


class Check:
    def __init__(self) -> None:
        self.found: list[str] = []  # what does not agree, as sentences
        self.sum = hashlib.sha256()  # over all lines so far
        self.said: dict[str, Any] = {"redactions": [], "withheld": {}}  # the first line
        self.keys: dict[str, Ed25519PublicKey] = {}
        self.steps: list[tuple[Any, ...]] = []  # what each redaction changed, its digest before and after
        self.outside: dict[tuple[Any, ...], str] = {}  # stream, position, digest: what names it outside the chain
        self.checkpoints = [START]  # their digests
        self.heads: dict[str, list[Any]] = {}  # how far each stream has been read: position and digest
        self.latest: dict[str, str] = {}  # the digest of each row, as its latest event tells it

    def expect(self, holds: Any, otherwise: str) -> None:
        self.found += [] if holds else [otherwise]

    def signed(self, body: Any, key_id: Any, signature: Any) -> bool:
        try:
            self.keys[key_id].verify(base64.b64decode(signature, validate=True), canonical(body))
            return True
        except (LookupError, ValueError, TypeError, InvalidSignature):
            return False

    def redacted(self, what: str, told: str) -> str:  # the digest that must be there now if this one was told
        for changed, before, after in self.steps:
            told = after if (changed, before) == (what, told) else told
        return told

    def read_register(self, **said: Any) -> None:
        self.said = said
        for raw in map(base64.b64decode, said["keys"]):
            self.keys[hashlib.sha256(raw).hexdigest()[:16]] = Ed25519PublicKey.from_public_bytes(raw)
        for row in said["redactions"]:  # rows like any other too: looked at in the end, when all events are known
            self.steps.append((f"{row['table_name']} row {row['row_id']}", row["before_digest"], row["after_digest"]))
            self.steps.append(("figures", row.get("content_before"), row.get("content_after")))

    def read_witness(self, name: str, body: Any, key_id: str, signature: str) -> None:
        self.expect(self.signed(body, key_id, signature), f"{name}: its signature does not hold.")
        heads = body["heads"] if "heads" in body else {body["stream"]: [body["position"], body["hash"]]}
        for stream, head in heads.items():  # receipts come first
            self.outside.setdefault((stream, *head), name)
        if "heads" in body:  # a checkpoint
            self.expect(body["before_digest"] == self.checkpoints[-1], f"{name}: it does not follow the last one.")
            self.checkpoints.append(digest({"checkpoint": body, "key_id": key_id, "signature": signature}))

    def read_event(self, number: int, body: Any, sealed: str, details: Any) -> None:
        stream, position, kind = body["stream"], body["position"], body["kind"]
        where, named = f"{stream} event {position}", self.outside.pop((stream, position, sealed), "")
        last, self.heads[stream] = self.heads.get(stream, [0, START]), [position, sealed]
        self.expect([position - 1, body["previous"]] == last, f"{where}: it does not follow from event {last[0]}.")
        self.expect(digest(body) == sealed, f"{where}: its content is not what was recorded.")
        now = self.redacted(f"audit_payload row {number}", body["payload_digest"])
        self.expect(digest(details) == now, f"{where}: its details are not what was recorded.")
        self.expect("receipts/" in named or kind not in self.said["receipts"], f"{where}: its receipt is missing.")
        for table, row, told in body["rows"]:
            before = self.latest.get(what := f"{table} row {row}", told)
            may = before == told or table not in self.said["kept"] or (what, before, told) in self.steps
            self.expect(may, f"{what}: it is kept as written, and a later event tells another.")
            self.latest[what] = told
        there = kind != "checkpoint.made" or details["digest"] in self.checkpoints
        self.expect(there, f"{where}: the checkpoint that it tells of is not in the store.")

    def read_row(self, table: str, number: Any, row: Any, figures: Any = None) -> None:
        told = self.latest.pop(where := f"{table} row {number}", None)
        fault = "it is not as its latest event left it" if told else "no event tells of it"
        self.expect(digest(row) == told or (told and table in self.said["withheld"]), f"{where}: {fault}.")
        if table == "sign_off":
            body = EMPTY | {name: value for name, value in row.items() if name not in ("id", "seal")}
            seals = [(each.get("key_id"), each.get("seal")) for each in (row, *self.said["redactions"])]
            self.expect(any(self.signed(body, *each) for each in seals), f"{where}: its seal does not hold.")
        if table == "reading_batch":
            self.expect(digest(figures) == self.redacted("figures", row["digest"]), f"{where}: its figures differ.")

    def read_end(self, body: Any, key_id: str, signature: str) -> None:
        heads, whole = body["heads"], body["sha256"] == self.sum.hexdigest() and self.signed(body, key_id, signature)
        self.expect(whole, "The export was changed after it was written: its last line does not fit.")
        for row in self.said["redactions"]:
            self.read_row("redaction", row["id"], row)
        others = [stream for stream in self.heads.keys() | heads if self.heads.get(stream) != heads.get(stream)]
        self.found += [f"{stream}: its head is not the last event that is here." for stream in others]
        self.found += [f"{what}: an event tells of it and it is gone." for what in self.latest]
        self.found += [f"{by}: {at} event {n}, which it names, is gone." for (at, n, _), by in self.outside.items()]

    def read(self, file: str) -> list[str]:
        kind = ""
        with open(file, "rb") as lines:
            for number, raw in enumerate(lines, 1):
                try:
                    line = json.loads(raw)
                    kind = line.pop("is")
                    getattr(self, f"read_{kind}")(**line)
                except (LookupError, TypeError, ValueError, AttributeError):
                    self.found.append(f"line {number}: it cannot be read: {raw[:100]!r}")
                self.sum.update(raw)
        self.expect(kind == "end", "The export has no last line: it was cut.")
        return self.found


if __name__ == "__main__":
    check = Check()
    print(*check.read(sys.argv[1]), *(f"Redacted: {row}" for row in check.said["redactions"]), sep="\n")
    print(f"{len(check.found)} findings. Keys: {', '.join(check.keys)}. Not in it, nor checked: {check.said['withheld']}.")
    sys.exit(1 if check.found else 0)
