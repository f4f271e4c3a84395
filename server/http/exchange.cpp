#include "http/exchange.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/write.hpp>
#include <spdlog/fmt/fmt.h>

#include <array>
#include <ctime>
#include <sstream>

namespace ttsave::http {

namespace asio = boost::asio;

namespace {

/// The Date header's value (RFC 9110 section 5.6.7), without the process's locale.
std::string http_date()
{
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days[static_cast<std::size_t>(utc.tm_wday)],
                       utc.tm_mday, months[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour,
                       utc.tm_min, utc.tm_sec);
}

} // namespace

std::string exchange::head(status code, std::string_view content_type, const field_list& fields, field framing,
                           std::string_view framing_value)
{
    boost::beast::http::response<boost::beast::http::empty_body> message(code, version_);
    message.set(field::server, "ttsave");
    message.set(field::date, http_date());
    message.set(field::content_type, boost::beast::string_view(content_type.data(), content_type.size()));
    for (const auto& [name, value] : fields)
        message.set(name, value);
    if (framing != field::unknown)
        message.set(framing, boost::beast::string_view(framing_value.data(), framing_value.size()));
    message.keep_alive(keep_alive_);
    status_ = static_cast<unsigned>(code);
    std::ostringstream text;
    text << message.base();
    return text.str();
}

asio::awaitable<result<void>> exchange::respond(response answer)
{
    std::string text = head(answer.status, answer.content_type, answer.fields, field::content_length,
                            std::to_string(answer.body.size()));
    if (incoming_.method != verb::head) {
        text += answer.body;
        body_bytes_ = answer.body.size();
    }
    phase_ = phase::streaming;
    auto sent = co_await out_.send(text);
    if (sent)
        phase_ = phase::whole;
    co_return sent;
}

asio::awaitable<result<void>> exchange::start_stream(std::string_view content_type, const field_list& fields)
{
    if (!is_chunked())
        keep_alive_ = false;
    const std::string text =
        head(status::ok, content_type, fields, is_chunked() ? field::transfer_encoding : field::unknown, "chunked");
    phase_ = phase::streaming;
    co_return co_await out_.send(text, socket_writer::more::follows);
}

asio::awaitable<result<void>> exchange::start_chunk(std::uint64_t size)
{
    body_bytes_ += size;
    if (!is_chunked())
        co_return result<void>();
    const std::string line = fmt::format("{:x}\r\n", size);
    co_return co_await out_.send(line, socket_writer::more::follows);
}

asio::awaitable<result<void>> exchange::end_chunk()
{
    if (!is_chunked())
        co_return result<void>();
    co_return co_await out_.send("\r\n");
}

asio::awaitable<result<void>> exchange::write(std::string_view bytes)
{
    if (bytes.empty())
        co_return result<void>(); // an empty chunk would end the body
    if (auto sent = co_await start_chunk(bytes.size()); !sent)
        co_return sent;
    if (auto sent = co_await out_.send(bytes, is_chunked() ? socket_writer::more::follows : socket_writer::more::no);
        !sent)
        co_return sent;
    co_return co_await end_chunk();
}

asio::awaitable<result<void>> exchange::write_file(int fd, std::uint64_t offset, std::uint64_t count)
{
    if (count == 0)
        co_return result<void>();
    if (auto sent = co_await start_chunk(count); !sent)
        co_return sent;
    if (auto sent = co_await out_.send_file(fd, offset, count); !sent)
        co_return sent;
    co_return co_await end_chunk();
}

asio::awaitable<result<void>> exchange::finish()
{
    if (is_chunked())
        if (auto sent = co_await out_.send("0\r\n\r\n"); !sent)
            co_return sent;
    phase_ = phase::whole;
    co_return result<void>();
}

} // namespace ttsave::http
