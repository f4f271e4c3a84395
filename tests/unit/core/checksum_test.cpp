// What damage of kept files is noticed by.

#include "core/checksum.hpp"

#include <gmock/gmock.h>

#include <string>

namespace ttsave {
namespace {

std::string checksum_of(const std::string& bytes, std::size_t width)
{
    checksum sum;
    for (std::size_t begin = 0; begin < bytes.size(); begin += width)
        sum.add(std::span(bytes).subspan(begin, std::min(width, bytes.size() - begin)));
    return sum.text();
}

TEST(Checksum, IsTheOneThatIsDocumented)
{
    // xxhash's own test vector of XXH3_64bits without input and seed.
    EXPECT_EQ(checksum().text(), "2d06800538d394c2");
}

TEST(Checksum, DoesNotDependOnThePieces)
{
    std::string bytes(100'000, '\0');
    for (std::size_t index = 0; index < bytes.size(); ++index)
        bytes[index] = static_cast<char>(index * 31 % 253);
    const auto whole = checksum_of(bytes, bytes.size());
    for (const std::size_t width : {1, 7, 255, 4096, 65'536})
        EXPECT_EQ(checksum_of(bytes, width), whole) << width;
}

TEST(Checksum, ChangesWithEveryBit)
{
    const std::string bytes(300, 'x');
    const auto whole = checksum_of(bytes, 300);
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        std::string damaged = bytes;
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
        EXPECT_NE(checksum_of(damaged, 300), whole) << "bit " << bit;
    }
}

} // namespace
} // namespace ttsave
