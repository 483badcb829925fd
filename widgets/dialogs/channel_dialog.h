// One channel: how it is reached, when it is told what, and in which words; with a preview and a test.
#pragma once

#include "widgets/channel_commands.h"

#include <QDialog>
#include <QTimer>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QTimeEdit;

namespace widgets {

class ChannelForm;
class NumberSpin;

class ChannelDialog final : public QDialog {
    Q_OBJECT
public:
    // A new channel when `setup` has no name; one of the configuration file can be looked at and tested only.
    ChannelDialog(const ChannelCommands& commands, metrics::ChannelSetup setup, QWidget* parent = nullptr);

private:
    [[nodiscard]] static QString placeText(const ChannelCommands& commands);
    [[nodiscard]] QWidget* buildReach();
    [[nodiscard]] QWidget* buildWhen();
    [[nodiscard]] QWidget* buildWords();
    [[nodiscard]] QLayout* buildButtons();
    void chooseKind();
    void fill();
    [[nodiscard]] metrics::ChannelSetup read(ChannelSecrets& secrets) const;
    void preview();
    void save();
    void test();

    const ChannelCommands& m_commands;
    const metrics::ChannelSetup m_setup;
    const std::vector<metrics::ChannelKind> m_kinds;
    QTimer m_pause; // between typing and the preview

    QLineEdit* m_name = nullptr;
    QComboBox* m_kind = nullptr;
    QCheckBox* m_enabled = nullptr;
    ChannelForm* m_form = nullptr;
    QLineEdit* m_groupBy = nullptr;
    NumberSpin* m_groupWait = nullptr;
    NumberSpin* m_groupInterval = nullptr;
    NumberSpin* m_repeat = nullptr;
    QComboBox* m_severity = nullptr;
    QCheckBox* m_resolved = nullptr;
    QCheckBox* m_quiet = nullptr;
    QTimeEdit* m_from = nullptr;
    QTimeEdit* m_to = nullptr;
    QComboBox* m_passes = nullptr;
    QLineEdit* m_title = nullptr;
    QPlainTextEdit* m_text = nullptr;
    QLabel* m_preview = nullptr;
    QLabel* m_problem = nullptr;
    QPushButton* m_save = nullptr;
};

} // namespace widgets
