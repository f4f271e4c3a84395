#pragma once

// What a client wants of a post.
// Source: shared contract, "The request body of download".

namespace ttsave::delivery {

enum class content_mode {
    video_only, ///< one video; a photo post as a video made of it
    original,   ///< what the post is made of: the video, or the photos and the sound
};

} // namespace ttsave::delivery
