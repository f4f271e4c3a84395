#pragma once

// One HTTP transfer: between a libcurl handle and the sink of what arrives. The engine's thread only.

#include "net/transfer_engine.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace ttsave::net {

class transfer {
public:
    transfer(transfer_request wanted, std::shared_ptr<transfer_sink> sink);

    /// Makes the handle, which carries `id` as its CURLINFO_PRIVATE. Bytes that arrive are added to `received`, which
    /// must outlive this object. Throws std::bad_alloc.
    void prepare(const network_options& options, std::uint64_t id, std::atomic<std::uint64_t>& received);
    CURL* easy() const { return easy_.get(); }

    /// Goes on with a paused transfer, which may call the sink. Not CURLE_OK: it has ended so.
    CURLcode resume();
    /// When it will have stalled, should nothing arrive; never while it is paused.
    std::chrono::steady_clock::time_point stalls_at() const;
    /// Tells the sink; the last call.
    void end(CURLcode code);

private:
    void blame_proxy(CURLcode code) const;
    bool take_header_line(std::string_view line);
    std::size_t take_data(std::span<const char> bytes);

    struct slist_deleter {
        void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
    };

    const transfer_request request_;
    const std::shared_ptr<transfer_sink> sink_;
    std::unique_ptr<curl_slist, slist_deleter> headers_;
    response_head head_;
    std::atomic<std::uint64_t>* received_ = nullptr;
    std::chrono::steady_clock::time_point last_arrival_;
    bool is_paused_ = false;
    bool was_stopped_ = false; // the sink refused
    easy_handle easy_;
};

} // namespace ttsave::net
