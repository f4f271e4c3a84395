#pragma once

// What a client wants of a post, and what that comes down to.
// Source: shared contract, "The request body of download".

#include "extraction/post.hpp"

namespace ttsave::delivery {

enum class content_mode {
    video_only, ///< one video; a photo post as a video made of it
    original,   ///< what the post is made of: the video, or the photos and the sound
};

/// What is fetched or made of a post; a video is the same in both modes.
enum class product {
    original,  ///< the files as TikTok has them
    slideshow, ///< a video made of photos
};

constexpr product product_of(extraction::post_kind kind, content_mode mode)
{
    return kind == extraction::post_kind::photos && mode == content_mode::video_only ? product::slideshow
                                                                                     : product::original;
}

} // namespace ttsave::delivery
