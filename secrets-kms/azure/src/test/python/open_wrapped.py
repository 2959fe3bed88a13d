# SPDX-License-Identifier: Apache-2.0
"""Opens what azure-kv:// makes of a keyset, from the specification alone: prints "<file> <keyset in hex>" or "<file> refused"."""

import base64
import json
import sys

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def private_key(p, q, e):
    d = pow(e, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(e, p * q)
    return rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), public).private_key()


def open_wrapped(wrapped, key, associated_data):
    n = int.from_bytes(wrapped[:2], "big")
    rsa_part, nonce, ciphertext = wrapped[2 : 2 + n], wrapped[2 + n : 14 + n], wrapped[14 + n :]
    aes_key = key.decrypt(rsa_part, padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None))
    if len(aes_key) != 32:
        raise ValueError("not an AES-256 key")
    return AESGCM(aes_key).decrypt(nonce, ciphertext, associated_data)


for file in sys.argv[1:]:
    with open(file) as text:
        vector = json.load(text)
    key = private_key(int(vector["p"], 16), int(vector["q"], 16), vector["publicExponent"])
    try:
        keyset = open_wrapped(base64.b64decode(vector["wrapped"]), key, vector["associatedData"].encode())
        print(file, keyset.hex())
    except (ValueError, InvalidTag):
        print(file, "refused")
