#include "http/socket_deadline.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <utility>

namespace ttsave::http {

namespace asio = boost::asio;
using asio::ip::tcp;

class socket_deadline::alarm : public std::enable_shared_from_this<alarm> {
public:
    explicit alarm(tcp::socket& socket) : socket_(&socket), timer_(socket.get_executor()) {}

    void move_to(clock::time_point when)
    {
        deadline_ = when;
        if (when < armed_)
            arm();
    }

    void pass()
    {
        has_passed_ = true;
        if (socket_) {
            boost::system::error_code ignored;
            socket_->cancel(ignored);
        }
    }

    void abandon()
    {
        socket_ = nullptr;
        timer_.cancel();
    }

    bool has_passed() const { return has_passed_; }
    auto executor() { return timer_.get_executor(); }

private:
    void arm()
    {
        armed_ = deadline_;
        timer_.expires_at(armed_);
        timer_.async_wait([self = shared_from_this()](const boost::system::error_code& ec) {
            if (!ec && self->socket_)
                self->ring();
        });
    }

    void ring()
    {
        armed_ = never;
        if (clock::now() >= deadline_)
            pass();
        else if (deadline_ != never)
            arm();
    }

    static constexpr clock::time_point never = clock::time_point::max();

    tcp::socket* socket_;
    asio::steady_timer timer_;
    clock::time_point deadline_ = never;
    clock::time_point armed_ = never; // when the timer rings
    bool has_passed_ = false;
};

socket_deadline::socket_deadline(tcp::socket& socket) : alarm_(std::make_shared<alarm>(socket)) {}

socket_deadline::~socket_deadline()
{
    alarm_->abandon();
}

void socket_deadline::set(clock::time_point when)
{
    alarm_->move_to(when);
}

void socket_deadline::clear()
{
    alarm_->move_to(clock::time_point::max());
}

bool socket_deadline::has_passed() const
{
    return alarm_->has_passed();
}

std::function<void()> socket_deadline::trigger() const
{
    return [weak = std::weak_ptr(alarm_), executor = alarm_->executor()] {
        asio::post(executor, [weak] {
            if (const auto still = weak.lock())
                still->pass();
        });
    };
}

} // namespace ttsave::http
