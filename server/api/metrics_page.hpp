#pragma once

// GET /metrics: what the server counts and measures, for Prometheus.

#include "http/router.hpp"
#include "metrics/instruments.hpp"
#include "metrics/samples.hpp"

#include <functional>

namespace ttsave::api {

/// `ask` adds what can be asked of the rooms; called on a connection's thread, must not block. `counted` must outlive
/// the handler.
http::immediate_handler make_metrics_page(const metrics::instruments& counted,
                                          std::function<void(metrics::samples&)> ask);

} // namespace ttsave::api
