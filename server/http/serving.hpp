#pragma once

// What all connections of a listener have in common.

#include "core/budget.hpp"
#include "http/drain.hpp"
#include "http/limits.hpp"
#include "http/router.hpp"
#include "http/witness.hpp"

namespace ttsave::http {

/// References outlive every connection.
struct serving {
    const router& routes;
    const limits& bounds;
    const witness& seen;
    budget& headroom;
    drain& draining;
};

} // namespace ttsave::http
