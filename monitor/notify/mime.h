// A mail as it goes over the wire: RFC 5322 with the encodings of RFC 2045 and 2047.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace notify {

struct Mail {
    std::string from;            // "Name <a@b>" or "a@b"
    std::vector<std::string> to; // likewise
    std::string subject;
    std::string text;
    std::string html;
    std::string id; // becomes the Message-ID: the same when it is tried again
    core::WallTime at = {};
    bool urgent = false;
};

// The address alone; fails when it is none, or holds what could end a header or a command.
[[nodiscard]] core::Result<std::string> addressOf(std::string_view mailbox);
// Printable ASCII stays; anything else becomes words of at most 75 characters, "=?UTF-8?B?…?=", never cut
// inside a character, folded.
[[nodiscard]] std::string encodedHeader(std::string_view text);
// Headers, an empty line, text and HTML as multipart/alternative in base64; lines end with CRLF.
[[nodiscard]] std::string mailText(const Mail& mail);

} // namespace notify
