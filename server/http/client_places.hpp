#pragma once

// How many clients may be connected, and who makes room for a new one.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <mutex>

namespace ttsave::http {

/// A fixed number of places, one for each connection. Thread-safe; must outlive its places. Only to take a place and to
/// give it back costs a lock: what every request does, does not.
class client_places {
public:
    /// A connection's place, given back with this object.
    class place {
    public:
        explicit place(client_places& owner) : owner_(owner) {}
        ~place();
        place(const place&) = delete;
        place& operator=(const place&) = delete;

        /// What is called, once and on any thread, when the place goes to another client. Before it is offered.
        void when_lost(std::function<void()> tell) { tell_ = std::move(tell); }

        /// While there is no other, the place may go to a new client: of those on offer, the one that is so longest.
        /// Not after it has gone.
        void offer();

        /// Takes the offer back, if there is one. Returns false when the place has gone: its connection must be closed.
        bool keep();

    private:
        friend class client_places;
        enum class standing { kept, offered, lost };
        using clock = std::chrono::steady_clock;

        bool lose();

        client_places& owner_;
        std::function<void()> tell_;
        std::atomic<standing> standing_ = standing::kept;
        std::atomic<clock::time_point> offered_since_{};
        std::list<place*>::iterator own_; // guarded by the owner's mutex
    };

    explicit client_places(std::size_t most) : most_(most) {}

    /// A place for a new client; null when all are taken and none is on offer.
    std::unique_ptr<place> take();

    /// Takes up to `most` places from those that have offered them for `since` or longer. Returns how many.
    std::size_t make_room(std::size_t most, std::chrono::milliseconds since);

    /// Places that are taken, without those that are lost.
    std::size_t taken() const;

    /// Places that are taken stay so, even if they are more than that, until they are given back or lost.
    void set_most(std::size_t most);

    std::size_t most() const;

private:
    bool take_longest_on_offer(std::chrono::milliseconds since);

    mutable std::mutex mutex_; // guards what follows
    std::size_t most_;
    std::size_t taken_ = 0; // without those that are lost
    std::list<place*> places_;
};

} // namespace ttsave::http
