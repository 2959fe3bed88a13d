# SPDX-License-Identifier: Apache-2.0
"""A second reader of Podseal's formats, written from format-v1.md alone, on the published Tink for Python.

It is there to check the specification, and to be read beside it: the numbers in comments are its sections. It opens, and does
not seal. Do not deploy it.
"""
import base64
import binascii
import hashlib
import re

import tink
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from google.protobuf.message import DecodeError
from tink import aead, hybrid, proto_keyset_format, secret_key_access
from tink.proto import aes_ctr_hmac_aead_pb2, aes_gcm_pb2, common_pb2, hpke_pb2, tink_pb2, x_aes_gcm_pb2

aead.register()
hybrid.register()

MAX_TOKEN, MAX_PLAINTEXT, MAX_DOCUMENT = 958_976, 716_800, 65_536
MAX_DEPTH, MAX_RECIPIENTS, MAX_KEYS, MAX_DOCUMENTS = 64, 8, 32, 16
SMALLEST = {
    "aes256-gcm": 33,
    "aes128-gcm": 33,
    "xaes256-gcm": 45,
    "aes256-ctr-hmac": 53,
    "hpke-x25519": 53,
    "hpke-xwing": 1141,
}
HYBRID = {"hpke-x25519", "hpke-xwing"}
TYPE_URL = "type.googleapis.com/google.crypto.tink."


class Refused(Exception):
    def __init__(self, code, why=""):
        super().__init__(f"{code}: {why}")
        self.code = code


# 1 Identity

LABEL = r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
SUBDOMAIN = rf"{LABEL}(?:\.{LABEL})*"
KEY = r"\.?[-_A-Za-z0-9][-._A-Za-z0-9]*"


def is_name(pattern, longest, text):
    return len(text) <= longest and re.fullmatch(pattern, text, re.ASCII) is not None


def is_namespace(text):
    return is_name(LABEL, 63, text)


def is_subdomain(text):
    return is_name(SUBDOMAIN, 253, text)


def is_key(text):
    return is_name(KEY, 253, text)


class Identity:
    def __init__(self, text):
        parts = re.fullmatch(r"spiffe://([a-z0-9._-]{1,255})/ns/([^/]+)/sa/([^/]+)", text, re.ASCII)
        if not parts or not is_namespace(parts[2]) or not is_subdomain(parts[3]):
            raise Refused("FORMAT", "not an identity")
        self.text, self.namespace, self.account = text, parts[2], parts[3]


# 2 The token


class Token:
    def __init__(self, text):
        if len(text) > MAX_TOKEN:
            raise Refused("SIZE", "token")
        version = re.match(rb"podseal:v(0|[1-9][0-9]*):", text)
        if not version:
            raise Refused("FORMAT", "no token")
        if version[1] != b"1":
            raise Refused("VERSION", "token")
        scope, colon, payload = text[version.end() :].partition(b":")
        if not colon:
            raise Refused("FORMAT", "no payload")
        try:
            self.scope = scope.decode("ascii").split("/")
        except UnicodeDecodeError:
            raise Refused("FORMAT", "scope") from None
        grammars = (is_namespace, is_subdomain, is_subdomain, is_key)
        if len(self.scope) not in (2, 4) or not all(ok(part) for ok, part in zip(grammars, self.scope)):
            raise Refused("FORMAT", "scope")
        self.header = text[: version.end() + len(scope)]
        self.payload = base64url(payload)
        if self.payload and self.payload[0] != 1:
            raise Refused("FORMAT", "prefix")
        if len(self.payload) < 33:
            raise Refused("SIZE", "payload")

    @property
    def key_id(self):
        return int.from_bytes(self.payload[1:5], "big")

    def require_place(self, account, place, require_item_bound):
        """place: (secret, key), or None where no Secret's name is known."""
        if self.scope[:2] != [account.namespace, account.account]:
            raise Refused("CONTEXT_MISMATCH", "another account")
        if len(self.scope) == 4 and (place is None or self.scope[2:] != list(place)):
            raise Refused("CONTEXT_MISMATCH", "another place")
        if len(self.scope) == 2 and require_item_bound:
            raise Refused("CONTEXT_MISMATCH", "account-bound")


def base64url(text):
    if not re.fullmatch(rb"[-_A-Za-z0-9]*", text) or len(text) % 4 == 1:
        raise Refused("FORMAT", "payload")
    decoded = base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
    if base64.urlsafe_b64encode(decoded).rstrip(b"=") != text:
        raise Refused("FORMAT", "stray bits")
    return decoded


def without_line_end(text):  # 2.5
    for end in (b"\r\n", b"\n"):
        if text.endswith(end):
            return text[: -len(end)]
    return text


# 3.1 Strict JSON


class Raw(str):
    """A number, true, false or null, as written."""


class Json:
    SPACE = re.compile(r"[ \t\n\r]*")
    RAW = re.compile(r"true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", re.ASCII)
    CHARS = re.compile(r'[^"\\\x00-\x1f]*')
    ESCAPE = re.compile(r'\\(?:(["\\/bfnrt])|u([0-9a-fA-F]{4}))', re.ASCII)
    ESCAPED = dict(zip('"\\/bfnrt', '"\\/\b\f\n\r\t'))

    def __init__(self, text, free):
        self.text, self.free, self.at = text, free, 0

    @classmethod
    def parse(cls, data, free=None):
        """free: the name of the member inside whose value names may stand twice."""
        try:
            json = cls(data.decode("utf-8"), free)
        except UnicodeDecodeError:
            raise Refused("FORMAT", "not UTF-8") from None
        value = json.value(0, False)
        json.space()
        if json.at != len(json.text) or not isinstance(value, dict):
            raise Refused("FORMAT", "not one JSON object")
        return value

    def match(self, pattern, what):
        found = pattern.match(self.text, self.at)
        if not found:
            raise Refused("FORMAT", what)
        self.at = found.end()
        return found

    def space(self):
        self.match(self.SPACE, "space")

    def accept(self, char):
        if self.text[self.at : self.at + 1] != char:
            return False
        self.at += 1
        return True

    def expect(self, char):
        if not self.accept(char):
            raise Refused("FORMAT", f"{char} expected")

    def value(self, depth, free):
        if depth > MAX_DEPTH:
            raise Refused("FORMAT", "nested too deep")
        self.space()
        if self.accept("{"):
            return self.object(depth, free)
        if self.accept("["):
            return self.array(depth, free)
        if self.accept('"'):
            return self.string()
        return Raw(self.match(self.RAW, "value")[0])

    def object(self, depth, free):
        members = {}
        self.space()
        if self.accept("}"):
            return members
        while True:
            self.space()
            self.expect('"')
            name = self.string()
            self.space()
            self.expect(":")
            value = self.value(depth + 1, free or name == self.free)
            if name in members and not free:
                raise Refused("FORMAT", "a name twice")
            members[name] = value
            self.space()
            if not self.accept(","):
                self.expect("}")
                return members

    def array(self, depth, free):
        elements = []
        self.space()
        if self.accept("]"):
            return elements
        while True:
            elements.append(self.value(depth + 1, free))
            self.space()
            if not self.accept(","):
                self.expect("]")
                return elements

    def string(self):
        units = []
        while True:
            units.append(self.match(self.CHARS, "string")[0])
            if self.accept('"'):
                break
            escape = self.match(self.ESCAPE, "escape or control character")
            units.append(self.ESCAPED[escape[1]] if escape[1] else chr(int(escape[2], 16)))
        try:  # escaped surrogates join to characters; unpaired ones do not
            return "".join(units).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError:
            raise Refused("FORMAT", "half a surrogate pair") from None


def members(value, required, optional=()):
    if not isinstance(value, dict) or not set(required) <= set(value) <= set(required) | set(optional):
        raise Refused("FORMAT", f"members {sorted(required)}")
    return value


def string(value):
    if not isinstance(value, str) or isinstance(value, Raw):
        raise Refused("FORMAT", "a string expected")
    return value


def canonical_base64(text):
    try:
        decoded = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise Refused("FORMAT", "base64") from None
    if base64.b64encode(decoded).decode() != text:
        raise Refused("FORMAT", "base64")
    return decoded


def document(data, body, free):  # 3.5, rows 1 to 5
    if len(data) > MAX_DOCUMENT:
        raise Refused("SIZE", "document")
    top = Json.parse(data, free)
    version = top.get("podseal")
    if not isinstance(version, str) or isinstance(version, Raw) or not re.fullmatch(r"v(0|[1-9][0-9]*)", version, re.ASCII):
        raise Refused("FORMAT", "no version")
    if version != "v1":
        raise Refused("VERSION", "document")
    members(top, ("podseal", "identity", body))
    return Identity(string(top["identity"])), top[body]


class KeysetDocument:
    def __init__(self, data):
        self.data = data
        self.identity, recipients = document(data, "recipients", "keysetInfo")
        if not isinstance(recipients, list) or not 1 <= len(recipients) <= MAX_RECIPIENTS:
            raise Refused("FORMAT", "recipients")
        self.wrapped = {}
        for recipient in recipients:
            members(recipient, ("kek", "encryptedKeyset"))
            kek = string(recipient["kek"])
            keyset = members(recipient["encryptedKeyset"], ("encryptedKeyset",), ("keysetInfo",))
            if not kek or kek in self.wrapped:
                raise Refused("FORMAT", "KEK")
            self.wrapped[kek] = canonical_base64(string(keyset["encryptedKeyset"]))


# 3.3 What a keyset may hold


def policy(condition, why):
    if not condition:
        raise Refused("KEYSET_POLICY", why)


def exact(message, data, why):
    """Parses what Tink wrote, and nothing that it would write otherwise."""
    try:
        message.ParseFromString(data)
    except DecodeError:
        raise Refused("KEYSET_POLICY", why) from None
    message.DiscardUnknownFields()
    policy(message.SerializeToString(deterministic=True) == data, f"{why}: not as Tink writes it")
    return message


def x_wing_public_key(private):
    expanded = hashlib.shake_256(private).digest(96)
    ml_kem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64]).public_key().public_bytes_raw()
    return ml_kem + X25519PrivateKey.from_private_bytes(expanded[64:]).public_key().public_bytes_raw()


def x25519_public_key(private):
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


class Key:
    """One key of a keyset that passed the table."""

    def __init__(self, proto, public):
        self.proto, self.id = proto, proto.key_id
        self.enabled = proto.status == tink_pb2.ENABLED
        data = proto.key_data
        kind = data.type_url.removeprefix(TYPE_URL) if data.type_url.startswith(TYPE_URL) else ""
        reader = {"HpkePublicKey": self._public} if public else {
            "AesGcmKey": self._aes_gcm,
            "XAesGcmKey": self._xaes_gcm,
            "AesCtrHmacAeadKey": self._aes_ctr_hmac,
            "HpkePrivateKey": self._private,
        }
        policy(kind in reader, "type")
        material = reader[kind](data.value)
        policy(data.key_material_type == material, "key material type")
        policy(proto.status in (tink_pb2.ENABLED, tink_pb2.DISABLED), "status")
        policy(proto.output_prefix_type == tink_pb2.TINK, "prefix")

    @property
    def hybrid(self):
        return self.type in HYBRID

    def _aes_gcm(self, value):
        key = exact(aes_gcm_pb2.AesGcmKey(), value, "AesGcmKey")
        policy(key.version == 0 and len(key.key_value) in (16, 32), "AES-GCM")
        self.type = "aes256-gcm" if len(key.key_value) == 32 else "aes128-gcm"
        self.material = key.key_value
        return tink_pb2.KeyData.SYMMETRIC

    def _xaes_gcm(self, value):
        key = exact(x_aes_gcm_pb2.XAesGcmKey(), value, "XAesGcmKey")
        policy(key.version == 0 and len(key.key_value) == 32 and key.params.salt_size == 12, "XAES")
        self.type, self.material = "xaes256-gcm", key.key_value
        return tink_pb2.KeyData.SYMMETRIC

    def _aes_ctr_hmac(self, value):
        key = exact(aes_ctr_hmac_aead_pb2.AesCtrHmacAeadKey(), value, "AesCtrHmacAeadKey")
        ctr, mac = key.aes_ctr_key, key.hmac_key
        policy(key.version == ctr.version == mac.version == 0, "version")
        policy(len(ctr.key_value) == 32 and ctr.params.iv_size == 16, "AES-CTR")
        policy(len(mac.key_value) == 32 and mac.params.tag_size == 32, "HMAC")
        policy(mac.params.hash == common_pb2.SHA256, "hash")
        self.type, self.material = "aes256-ctr-hmac", ctr.key_value + mac.key_value
        return tink_pb2.KeyData.SYMMETRIC

    def _suite(self, key):
        suites = {
            hpke_pb2.DHKEM_X25519_HKDF_SHA256: ("hpke-x25519", 32, x25519_public_key),
            hpke_pb2.X_WING: ("hpke-xwing", 1216, x_wing_public_key),
        }
        policy(key.version == 0 and key.params.kem in suites, "KEM")
        policy(key.params.kdf == hpke_pb2.HKDF_SHA256 and key.params.aead == hpke_pb2.AES_256_GCM, "HPKE suite")
        self.type, length, public_key = suites[key.params.kem]
        policy(len(key.public_key) == length, "public key")
        self.material = key.public_key
        return public_key

    def _public(self, value):
        self._suite(exact(hpke_pb2.HpkePublicKey(), value, "HpkePublicKey"))
        return tink_pb2.KeyData.ASYMMETRIC_PUBLIC

    def _private(self, value):
        key = exact(hpke_pb2.HpkePrivateKey(), value, "HpkePrivateKey")
        policy(key.version == 0 and key.HasField("public_key"), "HpkePrivateKey")
        public_key = self._suite(key.public_key)
        policy(len(key.private_key) == 32, "private key")
        policy(public_key(key.private_key) == self.material, "a public key of another private key")
        return tink_pb2.KeyData.ASYMMETRIC_PRIVATE

    def decrypt(self, payload, header):
        keyset = tink_pb2.Keyset(primary_key_id=self.id)
        keyset.key.append(self.proto)
        keyset.key[0].status = tink_pb2.ENABLED
        handle = proto_keyset_format.parse(keyset.SerializeToString(), secret_key_access.TOKEN)
        try:
            return handle.primitive(hybrid.HybridDecrypt if self.hybrid else aead.Aead).decrypt(payload, header)
        except tink.TinkError:
            raise Refused("AUTHENTICATION", "token") from None


class Keyset:
    def __init__(self, proto, public=False):
        self.primary = proto.primary_key_id
        policy(1 <= len(proto.key) <= MAX_KEYS, "number of keys")
        self.keys = [Key(key, public) for key in proto.key]
        policy(len({key.id for key in self.keys}) == len(self.keys), "an id twice")
        policy(any(key.id == self.primary and key.enabled for key in self.keys), "primary")
        policy(len({key.hybrid for key in self.keys}) == 1, "symmetric and HPKE keys")

    @property
    def fingerprint(self):  # 3.6
        digest = hashlib.sha256(b"podseal:v1:fingerprint")
        for key in sorted((key for key in self.keys if key.enabled), key=lambda key: key.id):
            digest.update(key.id.to_bytes(4, "big") + key.type.encode() + b"\0" + key.material)
        return "sha256:" + base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()


# 3.2, 3.4 and 3.5 The keysets of one application


def unwrap(application, documents):
    """application: identity, keks in order of preference, pins, and kms(kek, wrapped, associated data)."""
    ours = {}
    for one in documents:
        if one.identity.text == application.identity.text:
            ours.setdefault(one.data, one)
    if not ours:
        raise Refused("CONTEXT_MISMATCH", "document")
    if len(ours) > MAX_DOCUMENTS:
        raise Refused("SIZE", "documents")
    chosen = [(one, next((kek for kek in application.keks if kek in one.wrapped), None)) for one in ours.values()]
    policy(all(kek is not None for _, kek in chosen), "no KEK of the application's")
    keysets = [unwrap_one(application, one, kek) for one, kek in chosen]
    merged(keysets)
    return keysets


def unwrap_one(application, one, kek):
    associated_data = b"podseal:v1:keyset:" + one.identity.text.encode()
    plain = application.kms(kek, one.wrapped[kek], associated_data)
    keyset = Keyset(exact(tink_pb2.Keyset(), plain, "keyset"))
    pinned = keyset.fingerprint in application.pins
    policy(pinned or not (application.pins or kek.startswith("azure-kv://")), "not pinned")
    return keyset


def merged(keysets):
    keys = {}
    for key in (key for keyset in keysets for key in keyset.keys):
        other = keys.setdefault(key.id, key)
        policy((other.type, other.material) == (key.type, key.material), "one id, two keys")
        if not key.enabled:
            keys[key.id] = key
    return keys


def open_token(application, keys, token):  # 2.6, from row 8
    key = keys.get(token.key_id)
    if key is None or not key.enabled:
        raise Refused("UNKNOWN_KEY", "token")
    if not 0 <= len(token.payload) - SMALLEST[key.type] <= MAX_PLAINTEXT:
        raise Refused("SIZE", "payload")
    policy(not (application.symmetric_only and key.hybrid), "public-key seal")
    return key.decrypt(token.payload, token.header)


# 4 The public keyset document


def public_document(data):
    identity, keyset = document(data, "publicKeyset", None)
    if not isinstance(keyset, dict):
        raise Refused("FORMAT", "publicKeyset")
    return identity, Keyset(public_proto(keyset), public=True)


def public_proto(json):
    """Names and base64 are FORMAT, at every depth; then all the rest is KEYSET_POLICY."""

    def only(value, *names):
        if not set(value) <= set(names):
            raise Refused("FORMAT", "unknown member")

    def dicts(values):
        return [value for value in values if isinstance(value, dict)]

    keys = json.get("key")
    only(json, "primaryKeyId", "key")
    for key in dicts(keys if isinstance(keys, list) else []):
        only(key, "keyData", "status", "keyId", "outputPrefixType")
        for data in dicts([key.get("keyData")]):
            only(data, "typeUrl", "value", "keyMaterialType")
            if type(data.get("value")) is str:
                canonical_base64(data["value"])

    def word(parent, name, enum):
        value = parent.get(name)
        policy(type(value) is str and value in enum.keys(), name)
        return enum.Value(value)

    def key_id(parent, name):
        value = parent.get(name)
        policy(isinstance(value, Raw) and re.fullmatch(r"0|[1-9][0-9]{0,9}", value, re.ASCII), name)
        policy(int(value) < 2**32, name)
        return int(value)

    proto = tink_pb2.Keyset(primary_key_id=key_id(json, "primaryKeyId"))
    policy(isinstance(keys, list), "key")
    for key in keys:
        policy(isinstance(key, dict) and isinstance(key.get("keyData"), dict), "keyData")
        data = key["keyData"]
        policy(type(data.get("typeUrl")) is str and type(data.get("value")) is str, "keyData")
        proto.key.add(
            key_id=key_id(key, "keyId"),
            status=word(key, "status", tink_pb2.KeyStatusType),
            output_prefix_type=word(key, "outputPrefixType", tink_pb2.OutputPrefixType),
            key_data=tink_pb2.KeyData(
                type_url=data["typeUrl"],
                value=base64.b64decode(data["value"]),
                key_material_type=word(data, "keyMaterialType", tink_pb2.KeyData.KeyMaterialType),
            ),
        )
    return proto


# 5 KEK URIs, as an application's configuration names them

HOST, SEGMENT = r"[-.a-z0-9]+(?::[0-9]+)?", r"[^/?#@]+"
PAIR = r"context\.(?!(?:kubernetes-namespace|kubernetes-service-account|podseal-trust-domain)=)[^=&#?]+=[^=&#?]*"
KEK_FORMS = {
    "aws-kms://": r"arn:aws[-a-z]*:kms:[-a-z0-9]+:[0-9]{12}:key/[-A-Za-z0-9]+"
    rf"(?:\?(?:context=tink|{PAIR}(?:&{PAIR})*))?",
    "gcp-kms://": rf"projects/{SEGMENT}/locations/{SEGMENT}/keyRings/{SEGMENT}/cryptoKeys/{SEGMENT}",
    "azure-kv://": rf"{HOST}/keys/[-A-Za-z0-9]+/[A-Za-z0-9]+",
    "hcvault://": rf"{HOST}(?:/{SEGMENT})+/keys/{SEGMENT}",
    "pkcs11:": r"(?!(?i:.*pin-(?:value|source)))[^?#@\s]+",
    "local-kms:": r"/[^?#\x00-\x1f\x7f]+",
}


def require_kek(uri):
    if re.match(r"[^/]*//[^/?#]*@", uri):
        raise Refused("CONFIGURATION", "user info")
    for scheme, form in KEK_FORMS.items():
        if uri.startswith(scheme) and not re.fullmatch(form, uri[len(scheme) :], re.ASCII):
            raise Refused("CONFIGURATION", "form")
