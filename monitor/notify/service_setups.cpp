// Channels set up, changed, removed and tested in the window.
#include "monitor/notify/service.h"

#include "monitor/notify/json_text.h"
#include "monitor/notify/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace notify {

namespace {

constexpr std::size_t kTests = 4; // at a time

// The references to secrets of its own, as the window makes them; others it shares with whoever wrote them by
// hand.
std::vector<std::string> secretsOf(const metrics::ChannelSetup& setup)
{
    std::vector<std::string> references;
    for (const auto& [setting, values] : setup.settings) {
        const std::string name = secretName(setup.name, setting);
        for (const std::string& value : values) {
            if (value == "secret:" + name || value == "keyring:" + name) {
                references.push_back(value);
            }
        }
    }
    return references;
}

} // namespace

core::Result<void> Service::save(metrics::ChannelSetup setup, std::map<std::string, std::string> secrets,
                                 Done done)
{
    putReferences(setup, secrets);
    setup.editable = true;
    if (auto checked = checkSetup(setup); !checked) {
        return checked;
    }
    const std::vector<metrics::ChannelSetup> fixed = configured();
    if (std::ranges::find(fixed, setup.name, &metrics::ChannelSetup::name) != fixed.end()) {
        return core::fail(fmt::format("the configuration file has a channel named {} already", setup.name),
                          "name");
    }
    if (secrets.empty()) {
        post([this, setup = std::move(setup), done = std::move(done)] { done(saveNow(setup)); });
        return {};
    }
    std::map<std::string, std::string> byName;
    for (const auto& [setting, value] : secrets) {
        byName[secretName(setup.name, setting)] = value;
    }
    m_secrets.keep(std::move(byName), [this, setup = std::move(setup), done = std::move(done)](
                                          const core::Result<SecretKeeper::References>& kept) {
        if (!kept) {
            done(core::Unexpected<core::Error>{kept.error()});
            return;
        }
        metrics::ChannelSetup found = setup;
        putKept(found, *kept);
        post([this, found = std::move(found), done] { done(saveNow(found)); });
    });
    return {};
}

core::Result<void> Service::saveNow(metrics::ChannelSetup setup)
{
    auto own = m_own;
    std::vector<std::string> replaced; // kept in another place from now on
    for (const metrics::ChannelSetup& known : own) {
        const auto before = known.name == setup.name ? secretsOf(known) : std::vector<std::string>();
        const auto now = secretsOf(setup);
        std::ranges::copy_if(before, std::back_inserter(replaced), [&](const std::string& reference) {
            return std::ranges::find(now, reference) == now.end();
        });
    }
    std::erase_if(own, [&](const metrics::ChannelSetup& known) { return known.name == setup.name; });
    own.push_back(std::move(setup));
    std::ranges::sort(own, {}, &metrics::ChannelSetup::name);
    if (auto written = writeSetupFile(setupFile(), own); !written) {
        return written;
    }
    m_own = std::move(own);
    reconfigure();
    if (!replaced.empty()) {
        m_secrets.forget(std::move(replaced));
    }
    return {};
}

void Service::remove(const std::string& name, Done done)
{
    post([this, name, done = std::move(done)] { done(removeNow(name)); });
}

core::Result<void> Service::removeNow(const std::string& name)
{
    auto own = m_own;
    const auto gone = std::ranges::find(m_own, name, &metrics::ChannelSetup::name);
    const std::vector<std::string> secrets =
        gone != m_own.end() ? secretsOf(*gone) : std::vector<std::string>();
    if (std::erase_if(own, [&](const metrics::ChannelSetup& known) { return known.name == name; }) == 0) {
        return core::fail(fmt::format("there is no channel {} that could be removed here", name), "unknown");
    }
    if (auto written = writeSetupFile(setupFile(), own); !written) {
        return written;
    }
    m_own = std::move(own);
    reconfigure();
    if (!secrets.empty()) {
        m_secrets.forget(secrets);
    }
    return {};
}

void Service::test(metrics::ChannelSetup setup, std::map<std::string, std::string> secrets, Done done)
{
    post([this, setup = std::move(setup), secrets = std::move(secrets), done = std::move(done)] {
        testNow(setup, secrets, done);
    });
}

void Service::test(const std::string& name, Done done)
{
    post([this, name, done = std::move(done)] {
        const auto all = m_shown.get()->setups;
        const auto setup = std::ranges::find(all, name, &metrics::ChannelSetup::name);
        if (setup == all.end()) {
            done(core::fail(fmt::format("there is no channel {}", name), "unknown"));
            return;
        }
        testNow(*setup, {}, done);
    });
}

void Service::testNow(const metrics::ChannelSetup& setup, const std::map<std::string, std::string>& secrets,
                      const Done& done)
{
    if (m_tests.size() >= kTests) {
        done(core::fail("other tests are under way", "busy"));
        return;
    }
    const auto make = [this, setup, secrets]() -> core::Result<ReadyChannel> {
        metrics::ChannelSetup draft = setup;
        auto stored = m_secrets.secrets();
        if (!stored) {
            return core::Unexpected<core::Error>{stored.error()};
        }
        putReferences(draft, secrets);
        for (const auto& [setting, value] : secrets) {
            stored->put(secretName(draft.name, setting), value);
        }
        return makeReady(draft, *stored, m_options.around);
    };
    m_tests.push_back(std::make_unique<Sender>(
        make,
        [this, done, name = setup.name](const Message&, const Delivery& delivery, const std::string& error) {
            const bool sent = delivery.outcome == Delivery::Outcome::Sent;
            done(sent ? core::Result<void>() : core::Result<void>(core::fail(error, "delivery")));
            post([this, name, sent, error] { m_desk->noteTry(name, sent, error); });
        }));
    m_tests.back()->send(exampleMessage(setup.name, m_options.around.clock->wallNow()));
}

core::Result<metrics::ChannelPreview> Service::preview(const metrics::ChannelSetup& setup) const
{
    Message message = exampleMessage(setup.name, m_options.around.clock->wallNow());
    auto words = wordsOf(message, setup, langOf(m_options.around), externalUrlOf(m_options.around));
    if (!words) {
        return core::Unexpected<core::Error>{words.error()};
    }
    return metrics::ChannelPreview{std::move(words->title), std::move(words->text)};
}

} // namespace notify
