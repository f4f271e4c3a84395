#pragma once

// What each room gets to know of the settings.

#include "access/access_control.hpp"
#include "app/canary.hpp"
#include "delivery/board.hpp"
#include "egress/gate.hpp"
#include "extraction/job_witness.hpp"
#include "extraction/worker_pool.hpp"
#include "http/limits.hpp"
#include "media/ffmpeg.hpp"
#include "net/transfer_engine.hpp"
#include "settings/settings.hpp"
#include "store/media_store.hpp"

namespace ttsave::app {

access::access_options access_of(const settings::settings& chosen);
delivery::board_options board_of(const settings::settings& chosen);
canary_options canary_of(const settings::settings& chosen);
/// How extractors come to the gate on this machine.
egress::entry entry_here();
/// For extractors that come to `gate`; thread-safe. Throws what extractor_command does.
extraction::worker_pool_options pool_of(const settings::settings& chosen, const egress::gate& gate,
                                        extraction::job_witness seen);
http::limits http_of(const settings::settings& chosen);
media::ffmpeg_options ffmpeg_of(const settings::settings& chosen);
net::network_options network_of(const settings::settings& chosen);
store::media_store_options store_of(const settings::settings& chosen);

} // namespace ttsave::app
