#include "monitor/notify/command.h"

#include "monitor/notify/json_text.h"
#include "monitor/notify/program.h"
#include "monitor/notify/wording.h"

#include <fmt/format.h>

#include <array>
#include <cstring>

namespace notify {

namespace {

using metrics::SettingKind;

constexpr std::array kSettings{
    metrics::ChannelSetting{
        "command", SettingKind::List, true, {}, {"Program and its arguments", "程序及参数"}},
    metrics::ChannelSetting{
        "timeout", SettingKind::Number, false, "10", {"Seconds it may take", "超时（秒）"}},
};

class Command final : public Notifier {
public:
    Command(ChannelSettings settings, Surroundings around)
        : m_settings(std::move(settings))
        , m_around(std::move(around))
    {
    }

    [[nodiscard]] Delivery send(const Message& message, const std::stop_token& stop) override
    {
        const auto seconds = std::chrono::seconds(std::clamp(m_settings.number("timeout"), 1, 600));
        const std::string body = jsonText(webhookBody(message, externalUrlOf(m_around), 0));
        return deliveryOf(runProgram(m_settings.list("command"), body, seconds, stop));
    }

private:
    [[nodiscard]] static Delivery deliveryOf(const ProgramEnd& end)
    {
        const std::string said = end.output.empty() ? std::string() : ": " + end.output;
        switch (end.how) {
        case ProgramEnd::How::NotStarted:
            return Delivery::refused(fmt::format("cannot be started: {}", std::strerror(end.code)));
        case ProgramEnd::How::TimedOut:
            return Delivery::retry("took too long and was killed" + said);
        case ProgramEnd::How::Killed:
            return Delivery::retry(fmt::format("ended by signal {}{}", end.code, said));
        case ProgramEnd::How::Exited:
            break;
        }
        // 126, 127: a wrapper could not run what it should.
        return end.code == 0 ? Delivery::sent()
               : end.code == 126 || end.code == 127
                   ? Delivery::refused(fmt::format("exit code {}{}", end.code, said))
                   : Delivery::retry(fmt::format("exit code {}{}", end.code, said));
    }

    const ChannelSettings m_settings;
    const Surroundings m_around;
};

} // namespace

NotifierKind commandKind()
{
    return {{"command", {"Command", "命令"}, kSettings, 60},
            [](const ChannelSettings& settings,
               const Surroundings& around) -> core::Result<std::unique_ptr<Notifier>> {
                return std::unique_ptr<Notifier>(std::make_unique<Command>(settings, around));
            }};
}

} // namespace notify
