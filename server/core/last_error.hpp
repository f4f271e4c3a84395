#pragma once

// What the last system call of this thread that failed left in errno, as the rest of the server takes it.

#include "core/errc.hpp"

#include <cerrno>

namespace ttsave {

inline error_code last_error() noexcept
{
    return error_code(errno, boost::system::system_category());
}

} // namespace ttsave
