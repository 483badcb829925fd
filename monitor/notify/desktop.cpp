#include "monitor/notify/desktop.h"

#include "monitor/notify/codec.h"
#include "monitor/notify/json_text.h"
#include "monitor/notify/wording.h"

namespace notify {

namespace {

class Desktop final : public Notifier {
public:
    Desktop(ChannelSettings settings, Surroundings around)
        : m_settings(std::move(settings))
        , m_around(std::move(around))
    {
    }

    [[nodiscard]] Delivery send(const Message& message, const std::stop_token&) override
    {
        const DesktopSink sink = m_around.desktop ? m_around.desktop() : DesktopSink();
        if (!sink) {
            return Delivery::refused("this program runs without a window");
        }
        const Words words = surelyWordsOf(message, m_settings.setup, langOf(m_around), "");
        return sink({message.channel + message.groupKey, message.severity(), message.firing() > 0,
                     words.title, cutAt(words.text, 1000)});
    }

private:
    const ChannelSettings m_settings;
    const Surroundings m_around;
};

} // namespace

NotifierKind desktopKind()
{
    return {{"desktop", {"Desktop notification", "桌面通知"}, {}, 30},
            [](const ChannelSettings& settings,
               const Surroundings& around) -> core::Result<std::unique_ptr<Notifier>> {
                return std::unique_ptr<Notifier>(std::make_unique<Desktop>(settings, around));
            }};
}

} // namespace notify
