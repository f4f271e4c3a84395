#include "core/budget.hpp"

namespace ttsave {

bool budget::share::resize(std::uint64_t bytes)
{
    if (!owner_)
        return bytes == 0;
    if (bytes > bytes_ && !owner_->take(bytes - bytes_))
        return false;
    if (bytes < bytes_)
        owner_->used_ -= bytes_ - bytes;
    bytes_ = bytes;
    return true;
}

bool budget::take(std::uint64_t bytes)
{
    const std::uint64_t limit = limit_;
    std::uint64_t used = used_;
    do
        if (used > limit || bytes > limit - used)
            return false;
    while (!used_.compare_exchange_weak(used, used + bytes));
    return true;
}

} // namespace ttsave
