#include "net/address_policy.hpp"

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>

namespace ttsave::net {

namespace ip = boost::asio::ip;

namespace {

struct v4_block {
    std::uint32_t prefix;
    int length;
};

// IANA IPv4 Special-Purpose Address Registry, plus multicast and class E, plus the address under which every machine of
// Azure's finds its host's agent (168.63.129.16), which looks like any other.
constexpr std::array v4_special{
    v4_block{0x00000000, 8},  v4_block{0x0A000000, 8},  v4_block{0x64400000, 10}, v4_block{0x7F000000, 8},
    v4_block{0xA83F8110, 32}, v4_block{0xA9FE0000, 16}, v4_block{0xAC100000, 12}, v4_block{0xC0000000, 24},
    v4_block{0xC0000200, 24}, v4_block{0xC0586300, 24}, v4_block{0xC0A80000, 16}, v4_block{0xC6120000, 15},
    v4_block{0xC6336400, 24}, v4_block{0xCB007100, 24}, v4_block{0xE0000000, 3},
};

bool is_public_v4(const ip::address_v4& address)
{
    const std::uint32_t bits = address.to_uint();
    return std::none_of(v4_special.begin(), v4_special.end(), [bits](const v4_block& block) {
        return bits >> (32 - block.length) == block.prefix >> (32 - block.length);
    });
}

ip::address_v4 v4_at(const ip::address_v6::bytes_type& bytes, std::size_t offset)
{
    return ip::address_v4({bytes[offset], bytes[offset + 1], bytes[offset + 2], bytes[offset + 3]});
}

bool starts_with(const ip::address_v6::bytes_type& bytes, std::initializer_list<unsigned char> prefix)
{
    return std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

bool is_public_v6(const ip::address_v6& address)
{
    const auto bytes = address.to_bytes();
    if (address.is_v4_mapped())
        return is_public_v4(v4_at(bytes, 12));
    if (starts_with(bytes, {0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) // 64:ff9b::/96, NAT64
        return is_public_v4(v4_at(bytes, 12));
    if (starts_with(bytes, {0x20, 0x02})) // 2002::/16, 6to4: given up (RFC 7526)
        return false;
    if (starts_with(bytes, {0x20, 0x01, 0x00}) || starts_with(bytes, {0x20, 0x01, 0x01})) // 2001::/23, IETF protocols
        return false;
    if (starts_with(bytes, {0x3f, 0xff}) && bytes[2] < 0x10) // documentation, RFC 9637
        return false;
    if (starts_with(bytes, {0x20, 0x01, 0x0d, 0xb8})) // documentation
        return false;
    return (bytes[0] & 0xe0) == 0x20; // 2000::/3 is all the global unicast there is
}

} // namespace

bool is_public(const ip::address& address)
{
    return address.is_v4() ? is_public_v4(address.to_v4()) : is_public_v6(address.to_v6());
}

} // namespace ttsave::net
