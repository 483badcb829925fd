// `poolscope replay`: the incident timeline of a recording, by the same rules over the same samples; and two compared.
#pragma once

#include "monitor/core/lang.h"

#include <QStringList>

#include <optional>

namespace app {

// Arguments after the name; gives the exit code.
int runReplay(const QStringList& arguments);

// The recording a window is to open.
struct WindowRecording {
    QString file;
    std::optional<core::Lang> lang; // --lang
};
// `replay FILE` without an option that asks for text; nullopt otherwise.
[[nodiscard]] std::optional<WindowRecording> windowRecording(const QStringList& arguments);

} // namespace app
