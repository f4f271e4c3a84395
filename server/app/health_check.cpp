#include "app/health_check.hpp"

#include "core/as_result.hpp"
#include "core/deadline.hpp"
#include "core/errc.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <fmt/core.h>

#include <exception>
#include <sstream>
#include <string_view>
#include <utility>

namespace ttsave::app {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr std::size_t longest_status_line = 1024;

/// Where a server that listens on `address` is reached from its own machine.
asio::ip::address reachable(const asio::ip::address& address)
{
    if (!address.is_unspecified())
        return address;
    if (address.is_v6())
        return asio::ip::address_v6::loopback();
    return asio::ip::address_v4::loopback();
}

std::string name_of(const tcp::endpoint& server)
{
    std::ostringstream text;
    text << server;
    return text.str();
}

/// The first line of the answer, without its end.
asio::awaitable<result<std::string>> ask(tcp::endpoint server)
{
    tcp::socket socket(co_await asio::this_coro::executor);
    const auto [not_connected] = co_await socket.async_connect(server, as_result);
    if (not_connected)
        co_return not_connected;
    const auto question =
        fmt::format("GET /healthz HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", name_of(server));
    const auto [not_sent, sent] = co_await asio::async_write(socket, asio::buffer(question), as_result);
    if (not_sent)
        co_return not_sent;
    std::string answer;
    auto space = asio::dynamic_buffer(answer, longest_status_line);
    const auto [not_read, length] = co_await asio::async_read_until(socket, space, "\r\n", as_result);
    if (not_read)
        co_return not_read;
    co_return answer.substr(0, length - 2);
}

/// What is wrong with an answer, as the end of a sentence; nothing with a 200. RFC 9112 section 4: HTTP/1.1 200 OK.
std::optional<std::string> fault_of(std::string_view status_line)
{
    constexpr std::string_view digits = "0123456789";
    const bool is_http = status_line.starts_with("HTTP/1.") && status_line.size() >= 12 && status_line[8] == ' ';
    const auto status = is_http ? status_line.substr(9, 3) : std::string_view();
    if (!is_http || status.find_first_not_of(digits) != std::string_view::npos)
        return "answers with something that is not HTTP";
    if (status != "200")
        return fmt::format("answers with status {}", status);
    return std::nullopt;
}

} // namespace

std::optional<std::string> health_problem(const settings::settings& chosen, std::chrono::milliseconds patience)
{
    if (chosen.port == 0)
        return "port is 0, and which one the server has taken only its log knows";
    const tcp::endpoint server(reachable(asio::ip::make_address(chosen.address)), chosen.port);

    asio::io_context context(1);
    std::optional<result<std::string>> answer;
    auto asking = before(std::chrono::steady_clock::now() + patience, ask(server));
    asio::co_spawn(context, std::move(asking), [&answer](std::exception_ptr thrown, auto outcome) {
        if (thrown)
            std::rethrow_exception(thrown);
        answer = std::move(outcome);
    });
    context.run();

    std::optional<std::string> fault;
    if (!answer)
        fault = fmt::format("does not answer within {} s", std::chrono::duration<double>(patience).count());
    else if (!*answer)
        fault = "does not answer: " + answer->error().message();
    else
        fault = fault_of(**answer);
    return fault ? std::optional(name_of(server) + ' ' + *fault) : std::nullopt;
}

} // namespace ttsave::app
