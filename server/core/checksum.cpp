#include "core/checksum.hpp"

#include <fmt/core.h>

#include <xxhash.h>

#include <new>

namespace ttsave {

void checksum::deleter::operator()(XXH3_state_s* state) const noexcept
{
    XXH3_freeState(state);
}

checksum::checksum() : state_(XXH3_createState())
{
    if (!state_)
        throw std::bad_alloc();
    XXH3_64bits_reset(state_.get());
}

void checksum::add(std::span<const char> bytes)
{
    XXH3_64bits_update(state_.get(), bytes.data(), bytes.size());
}

std::string checksum::text() const
{
    return fmt::format("{:016x}", XXH3_64bits_digest(state_.get()));
}

} // namespace ttsave
