#include "load.hpp"

#include "connection.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <system_error>

namespace ttsave::bench {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds patience{60'000};

double seconds_since(clock::time_point begin)
{
    return std::chrono::duration<double>(clock::now() - begin).count();
}

/// The requests in their order: for a while again and again, or each once.
class supply {
public:
    explicit supply(const plan& wanted) : plan_(wanted) {}

    /// Null when there are no more.
    const std::string* next()
    {
        const bool is_over = plan_.seconds ? seconds_since(begin_) >= *plan_.seconds : given_ == plan_.requests.size();
        return is_over ? nullptr : &plan_.requests[given_++ % plan_.requests.size()];
    }

private:
    const plan& plan_;
    const clock::time_point begin_ = clock::now();
    std::size_t given_ = 0;
};

class event_queue {
public:
    event_queue() : fd_(::epoll_create1(0)) {}
    ~event_queue() { ::close(fd_); }
    event_queue(const event_queue&) = delete;
    event_queue& operator=(const event_queue&) = delete;

    void add(connection& watched)
    {
        epoll_event interest{EPOLLIN | EPOLLET, {&watched}};
        if (::epoll_ctl(fd_, EPOLL_CTL_ADD, watched.descriptor(), &interest) != 0)
            throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }

    template <typename Visit>
    void wait(Visit visit)
    {
        const int count = ::epoll_wait(fd_, events_.data(), static_cast<int>(events_.size()), patience.count());
        if (count == 0)
            throw std::runtime_error("nothing has come for a minute");
        for (int index = 0; index < count; ++index)
            visit(*static_cast<connection*>(events_[static_cast<std::size_t>(index)].data.ptr));
    }

private:
    const int fd_;
    std::array<epoll_event, 256> events_;
};

} // namespace

outcome run(const plan& wanted)
{
    outcome made;
    event_queue events;
    std::vector<std::unique_ptr<connection>> connections;
    for (std::size_t index = 0; index < wanted.connections; ++index) {
        connections.push_back(std::make_unique<connection>(wanted, made));
        events.add(*connections.back());
    }
    const auto begin = clock::now();
    supply requests(wanted);
    std::size_t busy = 0;
    for (const auto& each : connections)
        if (const auto* const first = requests.next()) {
            each->ask(*first);
            ++busy;
        }
    while (busy > 0)
        events.wait([&](connection& ready) {
            if (!ready.is_asking() || !ready.read())
                return;
            if (const auto* const following = requests.next())
                ready.ask(*following);
            else
                --busy;
        });
    made.seconds = seconds_since(begin);
    return made;
}

} // namespace ttsave::bench
