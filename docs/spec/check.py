#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the vectors and the worked example of format-v1.md with podseal_v1.py, the second implementation.

Ends with "N vectors, M disagreements", and with 1 where M is not 0. README.md says how vectors are read.
"""
import base64
import hashlib
import json
import pathlib
import re
import sys
import traceback

import tink
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tink import aead, proto_keyset_format, secret_key_access
from tink.proto import aes_gcm_pb2, tink_pb2

import podseal_v1 as podseal

HERE = pathlib.Path(__file__).resolve().parent


def derived(label, count):
    out = b""
    for block in range(-(-count // 32)):
        out += hashlib.sha256(b"podseal test vector " + label.encode() + block.to_bytes(4, "big")).digest()
    return out[:count]


class Inputs:
    def __init__(self, named):
        self.named = named

    def bytes(self, value):
        if isinstance(value, str):
            return value.encode("utf-8")
        result = self.cook(value)
        if "sha256" in value and hashlib.sha256(result).hexdigest() != value["sha256"]:
            raise AssertionError("a recipe that does not give what it says")
        return result

    def cook(self, recipe):
        match next(iter(recipe.items())):
            case "hex", text:
                return bytes.fromhex(text)
            case "base64", text:
                return base64.b64decode(text, validate=True)
            case "input", name:
                return self.bytes(self.named[name])
            case "base64url", value:
                return base64.urlsafe_b64encode(self.bytes(value)).rstrip(b"=")
            case "derived", label:
                return derived(label, recipe["bytes"])
            case "repeated", value:
                return self.bytes(value) * recipe["times"]
            case "joined", parts:
                return b"".join(self.bytes(part) for part in parts)
            case "aes-gcm", sealing:
                key, iv, plaintext, associated_data = (
                    self.bytes(sealing[name]) for name in ("key", "iv", "plaintext", "associatedData")
                )
                return AESGCM(key).encrypt(iv, plaintext, associated_data)
            case kind, _:
                raise AssertionError(f"an input of an unknown kind: {kind}")


def kek_of(key_id, key):
    """The AEAD of an AES-256-GCM key with the TINK prefix: what a local-kms: KEK is (5)."""
    keyset = tink_pb2.Keyset(primary_key_id=key_id)
    keyset.key.add(
        key_id=key_id,
        status=tink_pb2.ENABLED,
        output_prefix_type=tink_pb2.TINK,
        key_data=tink_pb2.KeyData(
            type_url=podseal.TYPE_URL + "AesGcmKey",
            value=aes_gcm_pb2.AesGcmKey(key_value=key).SerializeToString(),
            key_material_type=tink_pb2.KeyData.SYMMETRIC,
        ),
    )
    handle = proto_keyset_format.parse(keyset.SerializeToString(), secret_key_access.TOKEN)
    return handle.primitive(aead.Aead)


class Application:
    def __init__(self, identity, keks, pins=(), symmetric_only=False, kek=None):
        self.identity = podseal.Identity(identity)
        self.keks, self.pins, self.symmetric_only = keks, pins, symmetric_only
        self.kek = kek or (
            lambda uri: kek_of(int.from_bytes(derived("kek id " + uri, 4), "big"), derived("kek " + uri, 32))
        )
        self.calls = 0

    @classmethod
    def of(cls, vector):
        return cls(vector["identity"], vector["keks"], vector.get("pins", ()), vector.get("symmetricOnly", False))

    def kms(self, uri, wrapped, associated_data):
        self.calls += 1
        try:
            return self.kek(uri).decrypt(wrapped, associated_data)
        except tink.TinkError:
            raise podseal.Refused("AUTHENTICATION", "wrapped keyset") from None


def place_of(vector):
    place = vector["place"]
    if "property" in place:
        return "inline", place["property"]
    return (place["secret"], place["key"]) if place else None


def described(keyset):
    keys = [{"id": key.id, "type": key.type, "enabled": key.enabled} for key in keyset.keys]
    return {"fingerprint": keyset.fingerprint, "primary": keyset.primary, "keys": keys}


def check_token(vector, inputs, application):
    token = podseal.Token(inputs.bytes(vector["token"]))
    token.require_place(application.identity, place_of(vector), vector.get("requireItemBound", False))
    documents = [podseal.KeysetDocument(inputs.bytes(one)) for one in vector["documents"]]
    keys = podseal.merged(podseal.unwrap(application, documents))
    plaintext = podseal.open_token(application, keys, token)
    if vector.get("asText"):
        try:
            plaintext.decode("utf-8")
        except UnicodeDecodeError:
            raise podseal.Refused("FORMAT", "not UTF-8") from None
    return {"plaintext": plaintext}


def check_items(vector, inputs, application):
    items = {name: inputs.bytes(value) for name, value in sorted(vector["items"].items())}
    secret = vector.get("secret")
    if secret == "inline":
        raise podseal.Refused("CONFIGURATION", "a Secret called inline")

    def each(values, action):
        results, refusals = {}, []
        for name, value in values.items():
            try:
                results[name] = action(name, value)
            except podseal.Refused as refused:
                refusals.append(refused)
        if refusals:
            raise refusals[0]
        return results

    def parse(name, text):
        token = podseal.Token(podseal.without_line_end(text))
        place = None if secret is None else (secret, name)
        token.require_place(application.identity, place, vector.get("requireItemBound", False))
        return token

    sealed = {name: text for name, text in items.items() if not name.endswith(".keyset.json")}
    tokens = each(sealed, parse)
    if not tokens:
        return {"values": {}}
    documents = [text for name, text in items.items() if name.endswith(".keyset.json")]
    if not documents:
        raise podseal.Refused("SOURCE_MISSING", "no keyset document")
    keys = podseal.merged(podseal.unwrap(application, [podseal.KeysetDocument(text) for text in documents]))
    return {"values": each(tokens, lambda _, token: podseal.open_token(application, keys, token))}


def check_keyset(vector, inputs, application):
    documents = [podseal.KeysetDocument(inputs.bytes(one)) for one in vector["documents"]]
    return {"keysets": [described(keyset) for keyset in podseal.unwrap(application, documents)]}


def check_public(vector, inputs, _):
    identity, keyset = podseal.public_document(inputs.bytes(vector["document"]))
    return {"identity": identity.text, "keyset": described(keyset)}


def check_kek(vector, *_):
    podseal.require_kek(vector["uri"])
    return {}


CHECKS = {
    "token": check_token,
    "items": check_items,
    "keyset": check_keyset,
    "public": check_public,
    "kek": check_kek,
}


def expected_of(vector, inputs):
    expected = {name: value for name, value in vector["expected"].items() if name != "kmsCalls"}
    if "plaintext" in expected:
        expected["plaintext"] = inputs.bytes(expected["plaintext"])
    if "values" in expected:
        expected["values"] = {name: inputs.bytes(value) for name, value in expected["values"].items()}
    return expected


def disagreement(vector, inputs):
    """What is wrong with a vector, or None."""
    application = Application.of(vector) if "identity" in vector and "keks" in vector else None
    try:
        actual = CHECKS[vector["kind"]](vector, inputs, application)
    except podseal.Refused as refused:
        actual = {"code": refused.code}
    expected = expected_of(vector, inputs)
    if actual != expected:
        return f"expected {shown(expected)}, got {shown(actual)}"
    calls = vector["expected"].get("kmsCalls")
    if calls is not None and calls != application.calls:
        return f"expected {calls} calls of the KMS, there were {application.calls}"
    return None


def shown(result):
    text = str(result)
    return text if len(text) <= 200 else text[:200] + "…"


def must_reject(page):
    """The lines of appendix B: id and codes."""
    lines = re.findall(r"^\| ([A-Z]-[0-9]{2}) \|.*\| ([^|]*) \|$", page, re.MULTILINE)
    if len(dict(lines)) != len(lines) or not lines:
        raise AssertionError("appendix B names a line twice, or none")
    return {line: set(re.findall(r"`([A-Z_]+)`", codes)) for line, codes in lines}


def check_vectors(page):
    lines, unused, seen, wrong = must_reject(page), None, set(), 0
    unused = set(lines)
    for path in sorted(HERE.glob("vectors/*.json")):
        file = json.loads(path.read_text("ascii"))
        if file["format"] != "podseal-test-vectors-1":
            raise AssertionError(f"{path.name} is of another format")
        inputs = Inputs(file["inputs"])
        for vector in file["vectors"]:
            try:
                problem = disagreement(vector, inputs)
            except Exception:
                problem = traceback.format_exc()
            line, code = vector.get("mustReject"), vector["expected"].get("code")
            unused.discard(line)
            if vector["id"] in seen:
                problem = problem or "its id is taken"
            if (line is None) != (code is None) or (code and code not in lines.get(line, ())):
                problem = problem or f"appendix B has no line {line} with the code {code}"
            seen.add(vector["id"])
            if problem:
                wrong += 1
                print(f"{path.name}: {vector['id']} ({vector['claim']}): {problem}")
    for line in sorted(unused):
        wrong += 1
        print(f"appendix B: {line} has no vector")
    return len(seen), wrong


def check_example(page):
    """Appendix A, from its blocks."""

    def blocks(kind):
        return [block.strip() for block in re.findall(rf"^```{kind}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)]

    (symmetric, hybrid), (wrapped,), (public,), fingerprints = map(blocks, ("token", "keyset", "public", "fingerprint"))
    identity = "spiffe://cluster.local/ns/payments/sa/api"
    uri = "local-kms:/example/kek.json"
    application = Application(identity, [uri], kek=lambda _: kek_of(7, bytes(range(0x20, 0x40))))
    keysets = podseal.unwrap(application, [podseal.KeysetDocument(wrapped.encode())])
    token = podseal.Token(symmetric.encode())
    token.require_place(application.identity, ("db-credentials", "password"), True)
    opened = podseal.open_token(application, podseal.merged(keysets), token)
    published = podseal.public_document(public.encode())[1]
    private = tink_pb2.Keyset(primary_key_id=43)
    key = private.key.add()
    key.CopyFrom(published.keys[0].proto)
    value = podseal.hpke_pb2.HpkePrivateKey(private_key=bytes(range(32)))
    value.public_key.ParseFromString(key.key_data.value)
    key.key_data.value = value.SerializeToString()
    key.key_data.type_url = podseal.TYPE_URL + "HpkePrivateKey"
    key.key_data.key_material_type = tink_pb2.KeyData.ASYMMETRIC_PRIVATE
    secret = podseal.Keyset(private)
    to_public = podseal.open_token(application, podseal.merged([secret]), podseal.Token(hybrid.encode()))
    return {
        "A.1 token": opened == b"example",
        "A.2 fingerprint": keysets[0].fingerprint == fingerprints[0],
        "A.3 fingerprint": published.fingerprint == secret.fingerprint == fingerprints[1],
        "A.3 token": to_public == b"example",
    }


def main():
    page = (HERE / "format-v1.md").read_text("utf-8")
    wrong = 0
    for what, agrees in check_example(page).items():
        if not agrees:
            wrong += 1
            print(f"format-v1.md: {what} of the worked example")
    count, disagreements = check_vectors(page)
    wrong += disagreements
    print(f"{count} vectors, {wrong} disagreements")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
