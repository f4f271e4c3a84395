#pragma once

// The only place that wires the rooms together, and takes them apart in order.

#include "app/settings_source.hpp"
#include "app/supervision.hpp"

#include <memory>
#include <string>

namespace ttsave::app {

/// A whole server. Construct, then `run`; one at a time in a process, since it owns the process's signals.
class application {
public:
    /// Binds the address, or takes over the socket that the service manager hands to it: throws std::runtime_error
    /// (boost::system::system_error...) if that fails. Everything else that can be wrong (extractor, storage) is logged
    /// and leaves a server that answers what it still can.
    /// `version`: the server's own, for whoever asks.
    application(settings_source source, std::string version, const supervision& manager);
    ~application();

    /// Serves until SIGTERM or SIGINT, then shuts down: stops accepting, lets transfers finish within the grace
    /// period, cuts the rest, ends the extractors. A second signal ends the grace period. On SIGHUP reads the settings
    /// and the keys again, and has the extractors replaced.
    void run();

private:
    struct rooms;
    settings_source source_;
    std::unique_ptr<rooms> rooms_;
};

} // namespace ttsave::app
