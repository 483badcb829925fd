#include "monitor/engine/target_desk.h"

#include "monitor/core/format.h"
#include "monitor/core/stream_text.h"
#include "monitor/export/atomic_file.h"
#include "monitor/notify/secret_keeper.h"
#include "monitor/targets/list_edit.h"
#include "monitor/targets/mapping_catalog.h"
#include "monitor/targets/probe.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <fstream>
#include <system_error>
#include <utility>

namespace engine {

namespace {

using metrics::TargetEdit;
using metrics::TargetOrigin;
using metrics::TargetSetup;
using targets::TargetSpec;

constexpr std::size_t kMostBytes = 4U << 20U;
constexpr const char* kHead =
    "# Targets watched by Poolscope. The window changes this list line by line: comments stay.\n";

} // namespace

TargetDesk::TargetDesk(std::filesystem::path folder, notify::SecretKeeper* secrets)
    : m_folder(std::move(folder))
    , m_file(m_folder / "targets.yml")
    , m_secrets(secrets)
{
}

// What cannot be undone any more needs no secret.
TargetDesk::~TargetDesk()
{
    static_cast<void>(m_jobs.post([this] { forget(std::move(m_moved.left)); }));
}

std::vector<TargetSetup> TargetDesk::setups() const
{
    const core::MutexLock lock(m_mutex);
    return m_setups;
}

metrics::TargetFinding TargetDesk::probe(const TargetSetup& setup, const std::string& secret,
                                         const std::stop_token& stop) const
{
    targets::PastedTarget pasted = targets::pastedTarget(setup.url);
    TargetSpec spec = targets::specOf(setup);
    spec.url = std::move(pasted.url);
    spec.user = spec.user.empty() ? std::move(pasted.user) : spec.user;
    spec.secretValue = !secret.empty() ? secret : std::move(pasted.secret);
    spec.paused = false;
    if (!spec.secretValue.empty()) {
        spec.secret.clear();
        spec.passwordFile.clear();
        spec.bearerFile.clear();
    } else if (std::string problem = strangers(spec); !problem.empty()) {
        metrics::TargetFinding none;
        none.url = spec.url;
        none.cause = metrics::TargetCause::Secret;
        none.problem = std::move(problem);
        return none;
    } else if (!spec.secret.empty() && m_secrets != nullptr) {
        const auto known = m_secrets->secrets();
        const auto value = known ? known->resolve(spec.secret)
                                 : core::Result<std::string>(core::fail(known.error().message));
        if (!value) {
            metrics::TargetFinding none;
            none.url = spec.url;
            none.cause = metrics::TargetCause::Secret;
            none.problem = value.error().message;
            return none;
        }
        spec.secretValue = *value;
    }
    const targets::MappingCatalog catalog = targets::loadMappings(m_folder / "sources");
    return targets::probe(std::move(spec), catalog.mappings, stop);
}

void TargetDesk::edit(TargetEdit edit, Done done)
{
    if (!m_jobs.post([this, edit = std::move(edit), done] { carryOut(edit, done); })) {
        done("too much is waiting");
    }
}

core::Result<std::string> TargetDesk::read() const
{
    std::error_code error;
    if (!std::filesystem::exists(m_file, error)) {
        return error ? core::Result<std::string>(core::fail(m_file.string() + ": " + error.message()))
                     : core::Result<std::string>(std::string(kHead));
    }
    std::ifstream in(m_file, std::ios::binary);
    std::string text = core::textOf(in);
    if (!in.is_open() || in.bad() || text.size() > kMostBytes) {
        return core::fail(m_file.string() + ": cannot be read");
    }
    return text;
}

core::Result<void> TargetDesk::write(const std::string& text)
{
    auto written = exporting::writeAtomically(m_file, text);
    if (written) {
        const core::MutexLock lock(m_mutex);
        m_look = true;
    }
    return written;
}

core::Result<TargetSpec> TargetDesk::specOf(const TargetEdit& edit, Moved& moved)
{
    TargetEdit whole = edit;
    const targets::PastedTarget pasted = targets::pastedTarget(edit.setup.url);
    whole.setup.url = pasted.url;
    whole.setup.user = edit.setup.user.empty() ? pasted.user : edit.setup.user;
    whole.secret = edit.secret.empty() ? pasted.secret : edit.secret;
    auto named = targets::soundSpec(targets::specOf(whole.setup));
    if (!named) {
        return core::fail(named.error().message);
    }
    whole.setup.name = named->name;
    const auto all = setups();
    const bool taken = std::any_of(all.begin(), all.end(), [&](const TargetSetup& other) {
        return other.name == named->name && (other.origin != TargetOrigin::List || other.name != edit.name);
    });
    if (taken) {
        return core::fail(fmt::format("the name \"{}\" is taken", core::oneLine(named->name, 80)));
    }
    if (std::string problem = whole.secret.empty() ? strangers(*named) : std::string(); !problem.empty()) {
        return core::fail(std::move(problem));
    }
    const auto reference = kept(whole, moved);
    if (!reference) {
        return core::fail(reference.error().message);
    }
    named->secret = *reference;
    if (!whole.secret.empty()) {
        named->passwordFile.clear();
        named->bearerFile.clear();
    }
    return named;
}

core::Result<std::string> TargetDesk::changed(const std::string& text, const TargetEdit& edit, Moved& moved)
{
    const std::string file = m_file.string();
    const auto all = setups();
    const auto known = std::ranges::find(all, edit.name, &TargetSetup::name);
    if (edit.kind == TargetEdit::Kind::Add || edit.kind == TargetEdit::Kind::Change) {
        const auto spec = specOf(edit, moved);
        if (!spec) {
            return core::fail(spec.error().message);
        }
        if (edit.kind == TargetEdit::Kind::Add) {
            return targets::withTarget(text, file, *spec);
        }
        if (known != all.end() && known->secret != spec->secret && isLeft(known->secret)) {
            moved.left.push_back(known->secret);
        }
        return targets::withChangedTarget(text, file, edit.name, *spec);
    }
    if (known == all.end() || known->origin != TargetOrigin::List) {
        return core::fail(fmt::format("{} is not in the window's list; change it where it is named",
                                      core::oneLine(edit.name, 80)));
    }
    if (edit.kind == TargetEdit::Kind::Remove) {
        if (isLeft(known->secret)) {
            moved.left.push_back(known->secret);
        }
        return targets::withoutTarget(text, file, edit.name);
    }
    TargetSpec spec = targets::specOf(*known);
    spec.paused = edit.kind == TargetEdit::Kind::Pause;
    return targets::withChangedTarget(text, file, edit.name, spec);
}

void TargetDesk::carryOut(const TargetEdit& edit, const Done& done)
{
    const auto text = read();
    if (!text) {
        done(text.error().message);
        return;
    }
    Moved moved;
    const auto next = changed(*text, edit, moved);
    const auto written = next ? write(*next) : core::Result<void>(core::fail(next.error().message));
    if (!written) {
        forget(std::move(moved.made));
        done(written.error().message);
        return;
    }
    forget(std::exchange(m_moved, std::move(moved)).left); // the edit before cannot be undone from now on
    m_before = *text;
    m_after = *next;
    spdlog::info("targets: the list was changed in the window");
    done({});
}

void TargetDesk::undo(Done done)
{
    const bool posted = m_jobs.post([this, done] {
        const auto text = read();
        if (!text || m_after.empty() || *text != m_after) {
            done(text ? "the list was changed since" : text.error().message);
            return;
        }
        const auto written = write(m_before);
        if (written) {
            std::swap(m_before, m_after); // undone once more, it is done again
            std::swap(m_moved.made, m_moved.left);
        }
        done(written ? std::string() : written.error().message);
    });
    if (!posted) {
        done("too much is waiting");
    }
}

bool TargetDesk::takeLook()
{
    const core::SteadyTime now = core::SystemClock::instance().steadyNow();
    const core::MutexLock lock(m_mutex);
    const bool retry = m_nextTry != core::SteadyTime{} && now >= m_nextTry;
    m_nextTry = retry ? core::SteadyTime{} : m_nextTry;
    return std::exchange(m_look, false) || retry;
}

void TargetDesk::publish(std::vector<TargetSetup> setups)
{
    const core::MutexLock lock(m_mutex);
    m_setups = std::move(setups);
}

void TargetDesk::setConfigured(std::vector<TargetSpec> specs, std::vector<targets::DnsQuestion> questions)
{
    const core::MutexLock lock(m_mutex);
    m_configured = std::move(specs);
    m_questions = std::move(questions);
    m_look = true;
}

std::vector<targets::DnsQuestion> TargetDesk::questions() const
{
    const core::MutexLock lock(m_mutex);
    return m_questions;
}

std::vector<TargetSpec> TargetDesk::configured() const
{
    const core::MutexLock lock(m_mutex);
    return m_configured;
}

} // namespace engine
