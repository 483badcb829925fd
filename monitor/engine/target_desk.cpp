#include "monitor/engine/target_desk.h"

#include "monitor/core/format.h"
#include "monitor/export/atomic_file.h"
#include "monitor/notify/secret_keeper.h"
#include "monitor/targets/list_edit.h"
#include "monitor/targets/mapping_catalog.h"
#include "monitor/targets/probe.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <fstream>
#include <future>
#include <iterator>
#include <memory>
#include <system_error>
#include <utility>

namespace engine {

namespace {

using metrics::TargetEdit;
using metrics::TargetOrigin;
using metrics::TargetSetup;
using targets::TargetSpec;

constexpr auto kTryAgain = std::chrono::seconds(30);
constexpr std::size_t kMostBytes = 4U << 20U;
constexpr const char* kHead =
    "# Targets watched by Poolscope. The window changes this list line by line: comments stay.\n";

// "target-shop-1a2b3c4d": told apart by name, spelled so that every key ring takes it.
std::string secretName(const std::string& target)
{
    std::string name = "target-" + target.substr(0, 60);
    std::replace_if(
        name.begin(), name.end(),
        [](char c) {
            return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-');
        },
        '-');
    std::uint32_t sum = 2166136261U; // FNV-1a
    for (const char c : target) {
        sum = (sum ^ static_cast<unsigned char>(c)) * 16777619U;
    }
    return fmt::format("{}-{:08x}", name, sum);
}

bool isOurs(const std::string& reference)
{
    return reference.starts_with("keyring:target-") || reference.starts_with("secret:target-");
}

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
    static_cast<void>(m_jobs.post([this] { forgetDoomed(); }));
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
    std::string text{std::istreambuf_iterator<char>(in), {}};
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

// The reference of a secret that was typed; the old one when none was.
core::Result<std::string> TargetDesk::kept(const TargetEdit& edit)
{
    if (edit.secret.empty()) {
        return edit.setup.secret;
    }
    if (m_secrets == nullptr) {
        return core::fail("secrets are not kept here");
    }
    const bool replaces = edit.kind == TargetEdit::Kind::Change && isOurs(edit.setup.secret);
    const std::string name =
        replaces ? edit.setup.secret.substr(edit.setup.secret.find(':') + 1) : secretName(edit.setup.name);
    auto promise = std::make_shared<std::promise<core::Result<notify::SecretKeeper::References>>>();
    auto answer = promise->get_future();
    m_secrets->keep({{name, edit.secret}}, [promise](core::Result<notify::SecretKeeper::References> kept) {
        promise->set_value(std::move(kept));
    });
    const auto references = answer.get();
    if (!references) {
        return core::fail(references.error().message);
    }
    const std::string reference = references->at(name);
    const core::MutexLock lock(m_mutex);
    m_known[reference] = edit.secret;
    return reference;
}

core::Result<TargetSpec> TargetDesk::specOf(const TargetEdit& edit)
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
    const auto reference = kept(whole);
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

core::Result<std::string> TargetDesk::changed(const std::string& text, const TargetEdit& edit)
{
    const std::string file = m_file.string();
    if (edit.kind == TargetEdit::Kind::Add || edit.kind == TargetEdit::Kind::Change) {
        const auto spec = specOf(edit);
        if (!spec) {
            return core::fail(spec.error().message);
        }
        return edit.kind == TargetEdit::Kind::Add ? targets::withTarget(text, file, *spec)
                                                  : targets::withChangedTarget(text, file, edit.name, *spec);
    }
    const auto all = setups();
    const auto known = std::find_if(all.begin(), all.end(),
                                    [&](const TargetSetup& setup) { return setup.name == edit.name; });
    if (known == all.end() || known->origin != TargetOrigin::List) {
        return core::fail(fmt::format("{} is not in the window's list; change it where it is named",
                                      core::oneLine(edit.name, 80)));
    }
    if (edit.kind == TargetEdit::Kind::Remove) {
        auto without = targets::withoutTarget(text, file, edit.name);
        const auto uses = std::count_if(
            all.begin(), all.end(), [&](const TargetSetup& setup) { return setup.secret == known->secret; });
        if (without && isOurs(known->secret) && uses == 1) {
            m_doomed.push_back(known->secret);
        }
        return without;
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
    forgetDoomed(); // of the edit before, which cannot be undone from now on
    const auto next = changed(*text, edit);
    const auto written = next ? write(*next) : core::Result<void>(core::fail(next.error().message));
    if (!written) {
        done(written.error().message);
        return;
    }
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
            m_doomed.clear();
            std::swap(m_before, m_after); // undone once more, it is done again
        }
        done(written ? std::string() : written.error().message);
    });
    if (!posted) {
        done("too much is waiting");
    }
}

void TargetDesk::forgetDoomed()
{
    if (m_secrets != nullptr && !m_doomed.empty()) {
        m_secrets->forget(std::exchange(m_doomed, {}));
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

void TargetDesk::fillSecrets(std::vector<TargetSpec>& specs)
{
    std::vector<std::string> missing;
    {
        const core::MutexLock lock(m_mutex);
        for (TargetSpec& spec : specs) {
            const auto known = m_known.find(spec.secret);
            spec.secretValue = known == m_known.end() ? std::string() : known->second;
            if (!spec.secret.empty() && spec.secretValue.empty()) {
                missing.push_back(spec.secret);
            }
        }
    }
    const core::SteadyTime now = core::SystemClock::instance().steadyNow();
    if (missing.empty() || m_secrets == nullptr) {
        return;
    }
    {
        const core::MutexLock lock(m_mutex);
        m_nextTry = now + kTryAgain;
    }
    static_cast<void>(m_jobs.post([this, missing] { lookUp(missing); }));
}

// A ring that is locked now may be open later.
void TargetDesk::lookUp(const std::vector<std::string>& references)
{
    const auto secrets = m_secrets->secrets();
    std::map<std::string, std::string> found;
    for (const std::string& reference : references) {
        const auto value = secrets ? secrets->resolve(reference) : core::Result<std::string>(core::fail(""));
        if (value && !value->empty()) {
            found[reference] = *value;
        } else {
            spdlog::warn("targets: {}: {}", reference,
                         secrets ? (value ? "it is empty" : value.error().message) : secrets.error().message);
        }
    }
    const core::MutexLock lock(m_mutex);
    m_look = m_look || !found.empty();
    m_known.merge(found);
}

void TargetDesk::publish(std::vector<TargetSetup> setups)
{
    const core::MutexLock lock(m_mutex);
    m_setups = std::move(setups);
}

void TargetDesk::setConfigured(std::vector<TargetSpec> specs)
{
    const core::MutexLock lock(m_mutex);
    m_configured = std::move(specs);
    m_look = true;
}

std::vector<TargetSpec> TargetDesk::configured() const
{
    const core::MutexLock lock(m_mutex);
    return m_configured;
}

} // namespace engine
