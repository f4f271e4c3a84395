#include "http/client_watch.hpp"

#include "core/as_result.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include <sys/socket.h>

#include <cerrno>
#include <exception>
#include <optional>
#include <utility>

namespace ttsave::http {

namespace asio = boost::asio;
using asio::ip::tcp;

class client_watch::lookout : public std::enable_shared_from_this<lookout> {
public:
    lookout(tcp::socket& socket, boost::beast::flat_buffer& read_ahead, std::size_t most)
        : socket_(&socket), read_ahead_(read_ahead), most_(most)
    {
    }

    /// A wait that is left from the last time serves this time, too.
    void begin()
    {
        is_on_ = true;
        const auto what = read_ahead_.size() < most_ ? tcp::socket::wait_read : tcp::socket::wait_error;
        if (waiting_for_ != what)
            wait_for(what);
    }

    void end() { is_on_ = false; }
    void abandon() { socket_ = nullptr; }
    bool has_left() const { return has_left_; }
    asio::cancellation_signal& cancel() { return cancel_; }

private:
    void wait_for(tcp::socket::wait_type what)
    {
        waiting_for_ = what;
        socket_->async_wait(what, [self = shared_from_this(), what, number = ++waits_](const error_code& ec) {
            if (number != self->waits_)
                return;
            self->waiting_for_.reset();
            if (self->socket_ && self->is_on_)
                self->look(what, ec);
        });
    }

    void look(tcp::socket::wait_type what, const error_code& ec)
    {
        if (!ec && what == tcp::socket::wait_read && read())
            begin();
        else
            leave();
    }

    /// Returns false at the end of the stream.
    bool read()
    {
        if (read_ahead_.size() >= most_)
            return true;
        const auto space = read_ahead_.prepare(most_ - read_ahead_.size());
        const auto got = ::recv(socket_->native_handle(), space.data(), space.size(), MSG_DONTWAIT);
        read_ahead_.commit(got > 0 ? static_cast<std::size_t>(got) : 0);
        return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
    }

    void leave()
    {
        has_left_ = true;
        cancel_.emit(asio::cancellation_type::terminal);
    }

    tcp::socket* socket_;
    boost::beast::flat_buffer& read_ahead_;
    const std::size_t most_;
    asio::cancellation_signal cancel_;
    bool is_on_ = false;
    std::optional<tcp::socket::wait_type> waiting_for_;
    std::size_t waits_ = 0; // the last one counts
    bool has_left_ = false;
};

client_watch::client_watch(tcp::socket& socket, boost::beast::flat_buffer& read_ahead, std::size_t most)
    : lookout_(std::make_shared<lookout>(socket, read_ahead, most))
{
}

client_watch::~client_watch()
{
    lookout_->abandon();
}

asio::awaitable<bool> client_watch::during(asio::awaitable<void> work)
{
    auto& cancel = lookout_->cancel();
    auto outer = (co_await asio::this_coro::cancellation_state).slot();
    outer.assign([&cancel](asio::cancellation_type type) { cancel.emit(type); });
    lookout_->begin();
    auto token = asio::bind_cancellation_slot(cancel.slot(), as_result);
    const auto [failure] = co_await asio::co_spawn(co_await asio::this_coro::executor, std::move(work), token);
    lookout_->end();
    outer.clear();
    if (failure && !lookout_->has_left())
        std::rethrow_exception(failure);
    co_return !lookout_->has_left();
}

} // namespace ttsave::http
