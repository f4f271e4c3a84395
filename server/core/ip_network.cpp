#include "core/ip_network.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace ttsave {

namespace ip = boost::asio::ip;

namespace {

template <typename Bytes>
Bytes keep_first(Bytes bytes, unsigned bits)
{
    for (auto& byte : bytes) {
        const unsigned kept = std::min(bits, 8U);
        byte &= static_cast<unsigned char>(0xff00U >> kept);
        bits -= kept;
    }
    return bytes;
}

unsigned width_of(const ip::address& address)
{
    return address.is_v4() ? 32 : 128;
}

} // namespace

ip::address unmapped(const ip::address& address)
{
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, address.to_v6());
    return address;
}

std::optional<ip::address> parse_address(std::string_view text)
{
    boost::system::error_code ec;
    const auto address = ip::make_address(std::string(text), ec);
    if (ec || text.find('%') != std::string_view::npos)
        return std::nullopt;
    return address;
}

ip::address truncated(const ip::address& address, unsigned prefix)
{
    if (address.is_v4())
        return ip::address_v4(keep_first(address.to_v4().to_bytes(), prefix));
    return ip::address_v6(keep_first(address.to_v6().to_bytes(), prefix));
}

std::optional<ip_network> ip_network::parse(std::string_view text)
{
    const auto slash = text.find('/');
    const auto base = parse_address(text.substr(0, slash));
    if (!base || *base != unmapped(*base))
        return std::nullopt;
    unsigned prefix = width_of(*base);
    if (slash != std::string_view::npos) {
        const auto length = text.substr(slash + 1);
        const auto [end, ec] = std::from_chars(length.data(), length.data() + length.size(), prefix);
        if (ec != std::errc{} || end != length.data() + length.size() || prefix > width_of(*base))
            return std::nullopt;
    }
    if (truncated(*base, prefix) != *base)
        return std::nullopt;
    return ip_network(*base, prefix);
}

bool ip_network::contains(const ip::address& address) const
{
    const auto plain = unmapped(address);
    return plain.is_v4() == base_.is_v4() && truncated(plain, prefix_) == base_;
}

std::string ip_network::to_string() const
{
    return base_.to_string() + '/' + std::to_string(prefix_);
}

bool contains(const ip_networks& networks, const ip::address& address)
{
    return std::any_of(networks.begin(), networks.end(),
                       [&address](const ip_network& each) { return each.contains(address); });
}

} // namespace ttsave
