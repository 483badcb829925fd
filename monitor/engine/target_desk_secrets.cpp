// TargetDesk: the secrets of the window's list.
#include "monitor/engine/target_desk.h"

#include "monitor/notify/secret_keeper.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <future>
#include <memory>
#include <utility>

namespace engine {

namespace {

using metrics::TargetEdit;
using metrics::TargetSetup;
using targets::TargetSpec;

constexpr auto kTryAgain = std::chrono::seconds(30);

// "target-shop-1a2b3c4d": told apart by name and number, spelled so that every key ring takes it.
std::string secretName(const std::string& target, std::uint32_t number)
{
    std::string name = "target-" + target.substr(0, 60);
    std::replace_if(
        name.begin(), name.end(),
        [](char c) {
            return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-');
        },
        '-');
    std::uint32_t sum = 2166136261U + number; // FNV-1a
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

// A login goes to nobody it was not given for: why not, or nothing.
std::string TargetDesk::strangers(const TargetSpec& spec) const
{
    if (spec.secret.empty() && spec.passwordFile.empty() && spec.bearerFile.empty()) {
        return {};
    }
    std::string place;
    for (const TargetSetup& known : setups()) {
        if (known.secret != spec.secret || known.passwordFile != spec.passwordFile ||
            known.bearerFile != spec.bearerFile) {
            continue;
        }
        place = targets::loginPlaceOf(known.url);
        if (place == targets::loginPlaceOf(spec.url)) {
            return {};
        }
    }
    return place.empty() ? place
                         : fmt::format("the login is kept for {}: type it again to send it to {}", place,
                                       targets::loginPlaceOf(spec.url));
}

// One that nothing refers to: what was kept before stays until the edit cannot be undone.
std::string TargetDesk::freshName(const std::string& target) const
{
    std::vector<std::string> taken = m_moved.left;
    taken.insert(taken.end(), m_moved.made.begin(), m_moved.made.end());
    for (const TargetSetup& setup : setups()) {
        taken.push_back(setup.secret);
    }
    const auto free = [&taken](const std::string& name) {
        return std::ranges::none_of(taken, [&](const std::string& reference) {
            return reference == "keyring:" + name || reference == "secret:" + name;
        });
    };
    std::uint32_t number = 0;
    while (!free(secretName(target, number))) {
        ++number;
    }
    return secretName(target, number);
}

// The reference of a secret that was typed; the old one when none was.
core::Result<std::string> TargetDesk::kept(const TargetEdit& edit, Moved& moved)
{
    if (edit.secret.empty()) {
        return edit.setup.secret;
    }
    if (m_secrets == nullptr) {
        return core::fail("secrets are not kept here");
    }
    const std::string name = freshName(edit.setup.name);
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
    moved.made.push_back(reference);
    const core::MutexLock lock(m_mutex);
    m_known[reference] = edit.secret;
    return reference;
}

// Only one target has it, and so nobody when that one has another.
bool TargetDesk::isLeft(const std::string& reference) const
{
    const auto all = setups();
    return isOurs(reference) && std::ranges::count(all, reference, &TargetSetup::secret) == 1;
}

void TargetDesk::forget(std::vector<std::string> references)
{
    if (m_secrets != nullptr && !references.empty()) {
        m_secrets->forget(std::move(references));
    }
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
        if (missing.empty() || m_secrets == nullptr) {
            return;
        }
        m_nextTry = core::SystemClock::instance().steadyNow() + kTryAgain;
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

} // namespace engine
