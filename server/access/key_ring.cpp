#include "access/key_ring.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <new>

namespace ttsave::access {

sha256_digest sha256(std::string_view bytes)
{
    sha256_digest digest{};
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
        throw std::bad_alloc(); // it fails for want of memory alone
    return digest;
}

const api_key* key_ring::find(std::string_view secret) const
{
    const auto digest = sha256(secret);
    const api_key* found = nullptr;
    for (const auto& key : keys_)
        if (CRYPTO_memcmp(key.digest.data(), digest.data(), digest.size()) == 0)
            found = &key;
    return found;
}

} // namespace ttsave::access
