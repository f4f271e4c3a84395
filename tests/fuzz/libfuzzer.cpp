// libFuzzer's door to one target; which one, CMake says.

#include "targets.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    ttsave::fuzz::TTSAVE_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
    return 0;
}
