#pragma once

// How many clients may be connected, and who makes room for a new one.

#include "core/async_condition.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>

namespace ttsave::http {

/// A fixed number of places, one for each connection. Thread-safe; must outlive its places.
class client_places {
public:
    /// A connection's place, given back with this object. Each member function but `lost` returns at once.
    class place {
    public:
        explicit place(client_places& owner) : owner_(owner) {}
        ~place();
        place(const place&) = delete;
        place& operator=(const place&) = delete;

        /// While there is no other, the place may go to a new client: of those on offer, the one that is so longest.
        void offer();

        /// Takes the offer back. Returns false when the place has gone: its connection must be closed.
        bool keep();

        /// Returns when the place has gone, or at `deadline`. Cancellation: terminal.
        boost::asio::awaitable<void> lost(async_condition::clock::time_point deadline);

    private:
        friend class client_places;
        client_places& owner_;
        bool is_on_offer_ = false; // this and what follows are guarded by the owner's mutex
        bool is_lost_ = false;
        std::list<place*>::iterator offered_; // while it is on offer
        async_condition changed_;
    };

    explicit client_places(std::size_t most) : most_(most) {}

    /// A place for a new client; null when all are taken and none is on offer.
    std::unique_ptr<place> take();

private:
    void withdraw(place& offered);

    const std::size_t most_;
    std::mutex mutex_;
    std::size_t taken_ = 0;
    std::list<place*> on_offer_; // the one that has been so longest first
};

} // namespace ttsave::http
