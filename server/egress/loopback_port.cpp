#include "egress/loopback_port.hpp"

#include "core/as_result.hpp"
#include "core/errc.hpp"

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <fcntl.h>

#include <chrono>
#include <utility>

namespace ttsave::egress {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr std::chrono::milliseconds before_next_accept{100};

tcp::acceptor listen(const asio::any_io_executor& executor)
{
    tcp::acceptor acceptor(executor, tcp::v4());
    ::fcntl(acceptor.native_handle(), F_SETFD, FD_CLOEXEC);
    acceptor.bind({asio::ip::address_v4::loopback(), 0});
    acceptor.listen();
    return acceptor;
}

} // namespace

loopback_port::loopback_port(const asio::any_io_executor& executor)
    : acceptor_(listen(executor)), number_(acceptor_.local_endpoint().port())
{
}

asio::awaitable<std::shared_ptr<connection>> loopback_port::next()
{
    for (;;) {
        auto [ec, accepted] = co_await acceptor_.async_accept(as_result);
        if (!ec)
            co_return note(std::move(accepted));
        if (ec == asio::error::operation_aborted)
            co_return nullptr;
        if (ec != asio::error::connection_aborted && failures_.begins())
            spdlog::warn("egress gate cannot accept connections: {}", ec.message());
        asio::steady_timer pause(acceptor_.get_executor(), before_next_accept);
        co_await pause.async_wait(asio::use_awaitable);
    }
}

std::shared_ptr<connection> loopback_port::note(tcp::socket accepted)
{
    std::erase_if(strangers_, [](const auto& weak) { return weak.expired(); });
    if (strangers_.size() >= most_strangers) {
        if (crowds_.begins())
            spdlog::warn("somebody on this machine keeps connecting to the egress gate without its password");
        if (const auto oldest = strangers_.front().lock())
            oldest->close();
        strangers_.pop_front();
    }
    error_code ignored;
    accepted.set_option(tcp::no_delay(true), ignored); // what is relayed was written by somebody who knows when
    const auto made = std::make_shared<connection>(std::move(accepted));
    strangers_.push_back(made);
    return made;
}

void loopback_port::has_met(const std::shared_ptr<connection>& client)
{
    std::erase_if(strangers_, [&client](const auto& weak) { return weak.lock() == client; });
}

} // namespace ttsave::egress
