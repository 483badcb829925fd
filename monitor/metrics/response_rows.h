// Automatic responses as people look at them: plain values, texts in the chosen language.
#pragma once

#include "monitor/core/clock.h"

#include <cstdint>
#include <string>
#include <vector>

namespace metrics {

// Open: not its turn. WouldDo: its turn, but only rehearsed (dry run). Undone: taken back.
enum class StepState { Open, Running, Done, WouldDo, Failed, Undone };

// "open", "running", "done", "would_do", "failed", "undone": never translated.
[[nodiscard]] constexpr const char* stepStateName(StepState state) noexcept
{
    switch (state) {
    case StepState::Open:
        return "open";
    case StepState::Running:
        return "running";
    case StepState::Done:
        return "done";
    case StepState::WouldDo:
        return "would_do";
    case StepState::Failed:
        return "failed";
    case StepState::Undone:
        break;
    }
    return "undone";
}

struct ResponseStep {
    std::string id;    // "shed_background", "replicas": never translated
    std::string title; // what it does
    StepState state = StepState::Open;
    std::string detail; // what came of it, or the exact request
    core::WallTime since = {};

    friend bool operator==(const ResponseStep&, const ResponseStep&) = default;
};

struct ResponseNote {
    core::WallTime at = {};
    std::string text;

    friend bool operator==(const ResponseNote&, const ResponseNote&) = default;
};

struct DegradeView {
    bool enabled = false; // by rule; by hand it works always
    bool dryRun = true;
    bool byHand = false; // the level is held by a person
    int level = 0;       // 0 = everything is served … 4
    int mostLevel = 4;
    core::WallTime since = {}; // of this level; the epoch at the start
    std::string why;           // names of alerts, or who holds it
    core::Nanos nextChange{0}; // until the level would rise or fall by itself; 0 = it stays
    std::vector<ResponseStep> steps;

    friend bool operator==(const DegradeView&, const DegradeView&) = default;
};

struct ScaleView {
    bool enabled = false;
    bool dryRun = true;
    std::string target;         // "deployment shop/app", "webhook host", "command scale.sh"; no secrets
    std::string phase = "idle"; // idle, acting, watching, cool_down: never translated
    int replicas = -1;          // -1 = not known
    int minimum = 1;
    int maximum = 1;
    std::string why;
    std::string outcome; // of the last run, one sentence
    core::Nanos left{0}; // until the deadline (watching) or until it may act again (cool_down)
    bool mayUndo = false;
    std::vector<ResponseStep> steps;

    friend bool operator==(const ScaleView&, const ScaleView&) = default;
};

// What a person can ask of the responses, by window, HTTP or code.
struct ResponseCommand {
    enum class Kind { HoldLevel, Automatic, DegradeDryRun, ScaleDryRun, ScaleNow, UndoScale } kind = Kind::Automatic;
    int value = 0; // HoldLevel: 0 … 4; the dry runs: 1 = on, 0 = off

    friend bool operator==(const ResponseCommand&, const ResponseCommand&) = default;
};

struct ResponseView {
    DegradeView degrade;
    ScaleView scale;
    std::vector<std::string> pausable; // jobs that pause at level 2
    std::vector<ResponseNote> log;     // newest first, at most 100

    friend bool operator==(const ResponseView&, const ResponseView&) = default;
};

} // namespace metrics
