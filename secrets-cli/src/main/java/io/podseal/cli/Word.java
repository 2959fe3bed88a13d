// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Scope;
import io.podseal.ServiceAccount;
import io.podseal.keyset.KeyType;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The words of the command line that have a grammar. One that does not parse is wrong usage, told without a stack trace. */
final class Word {
    /** Only lends its grammar to words that are checked before the account is known. */
    private static final ServiceAccount ANY = new ServiceAccount(ServiceAccount.DEFAULT_TRUST_DOMAIN, "any", "any");

    private Word() {}

    /** A ServiceAccount's cluster. */
    record TrustDomain(String text) {
        static final String DEFAULT = ServiceAccount.DEFAULT_TRUST_DOMAIN;

        TrustDomain {
            var unused = new ServiceAccount(text, ANY.namespace(), ANY.name());
        }
    }

    /** {@code <secret>/<key>}, or {@code inline/<property>} for a value in the application's own properties. */
    record Item(String secret, String key) {
        static Item parse(String text) {
            int slash = text.indexOf('/');
            if (slash < 0) {
                throw ErrorCode.CONFIGURATION.because("write <secret>/<key>, or inline/<property>");
            }
            Item item = new Item(text.substring(0, slash), text.substring(slash + 1));
            item.scope(ANY);
            return item;
        }

        Scope scope(ServiceAccount account) {
            return secret.equals(Scope.INLINE) ? Scope.inline(account, key) : Scope.item(account, secret, key);
        }
    }

    /** The name of an object, such as a Secret. */
    record ObjectName(String text) {
        ObjectName {
            Scope.item(ANY, text, "any");
        }
    }

    /** {@code [<namespace>/]<name>}: an object, and the namespace that it lies in if that is not the account's own. */
    record ObjectPlace(@Nullable String namespace, String name) {
        static ObjectPlace parse(String text) {
            int slash = text.indexOf('/');
            String name = new ObjectName(text.substring(slash + 1)).text();
            return slash < 0
                    ? new ObjectPlace(null, name)
                    : new ObjectPlace(
                            new ServiceAccount(ANY.trustDomain(), text.substring(0, slash), ANY.name()).namespace(),
                            name);
        }
    }

    /** The key of an item in a Secret. */
    record ItemKey(String text) {
        ItemKey {
            Scope.item(ANY, "any", text);
        }
    }

    /** The id of a key, unsigned. */
    record KeyId(long value) {
        static KeyId parse(String text) {
            if (!text.matches("[1-9][0-9]{0,9}") || Long.parseLong(text) > 0xffff_ffffL) {
                throw ErrorCode.CONFIGURATION.because("a key id is a decimal number, 1 to 4294967295");
            }
            return new KeyId(Long.parseLong(text));
        }
    }

    /** The fingerprint of a keyset. */
    record Fingerprint(String text) {
        Fingerprint {
            if (!text.matches("sha256:[-_A-Za-z0-9]{43}")) {
                throw ErrorCode.CONFIGURATION.because("a fingerprint is sha256: and 43 characters of base64url");
            }
        }
    }

    static void register(CommandLine commandLine) {
        commandLine
                .registerConverter(Path.class, Word::path)
                .registerConverter(ServiceAccount.class, refusing(t -> ServiceAccount.parse(t, TrustDomain.DEFAULT)))
                .registerConverter(TrustDomain.class, refusing(TrustDomain::new))
                .registerConverter(KeyType.class, refusing(KeyType::of))
                .registerConverter(Kek.class, refusing(Kek::parse))
                .registerConverter(Item.class, refusing(Item::parse))
                .registerConverter(ObjectName.class, refusing(ObjectName::new))
                .registerConverter(ObjectPlace.class, refusing(ObjectPlace::parse))
                .registerConverter(ItemKey.class, refusing(ItemKey::new))
                .registerConverter(KeyId.class, refusing(KeyId::parse))
                .registerConverter(Fingerprint.class, refusing(Fingerprint::new));
    }

    private static <T> ITypeConverter<T> refusing(ITypeConverter<T> parser) {
        return text -> {
            try {
                return parser.convert(text);
            } catch (PodsealException refused) {
                throw new TypeConversionException(refused.detail());
            }
        };
    }

    private static Path path(String text) {
        if (text.isEmpty()) {
            throw new TypeConversionException("an empty file name");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException notAPath) {
            throw new TypeConversionException("not a file name in this locale's character set");
        }
    }
}
