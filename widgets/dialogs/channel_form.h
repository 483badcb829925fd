// The fields of one kind of channel, made from its table of settings.
#pragma once

#include "widgets/channel_commands.h"

#include <QWidget>

#include <vector>

class QFormLayout;

namespace widgets {

class ChannelForm final : public QWidget {
    Q_OBJECT
public:
    explicit ChannelForm(QWidget* parent = nullptr);
    // Fields of this kind, filled with what `setup` has.
    void show(const metrics::ChannelKind& kind, const metrics::ChannelSetup& setup);
    // What stands in the fields goes into `setup`; what was typed as a secret into `secrets`.
    void read(metrics::ChannelSetup& setup, ChannelSecrets& secrets) const;

Q_SIGNALS:
    void edited();

private:
    struct Field {
        metrics::ChannelSetting setting;
        QWidget* editor;
        std::vector<std::string> before; // values it came with
    };
    [[nodiscard]] static QString placeOf(const QString& reference);
    [[nodiscard]] QWidget* makeEditor(const metrics::ChannelSetting& setting,
                                      const std::vector<std::string>& values);
    QFormLayout* m_layout;
    std::vector<Field> m_fields;
};

} // namespace widgets
