#pragma once

// Metrics as Prometheus reads them.

#include "metrics/instruments.hpp"
#include "metrics/samples.hpp"

#include <string>
#include <string_view>

namespace ttsave::metrics {

/// The format's media type.
inline constexpr std::string_view exposition_type = "text/plain; version=0.0.4; charset=utf-8";

/// Prometheus' text format (its documentation, "Exposition formats").
std::string exposition(const instruments& counted, samples asked);

} // namespace ttsave::metrics
