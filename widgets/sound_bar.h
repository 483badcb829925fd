// Whether this window sounds when an alert fires: from which severity, once or until somebody acknowledges
// it.
#pragma once

#include "widgets/channel_commands.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;

namespace widgets {

class SoundBar final : public QWidget {
    Q_OBJECT
public:
    // `commands` outlives the bar.
    explicit SoundBar(const ChannelCommands& commands, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void choose();
    void retranslate();

    const ChannelCommands& m_commands;
    QLabel* m_label;
    QComboBox* m_when;
    QComboBox* m_from;
    QPushButton* m_play;
};

} // namespace widgets
