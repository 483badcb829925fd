// The channels by which people are told: state, figures, and what can be done with them.
#pragma once

#include "models/channel_model.h"
#include "models/sort_proxy.h"
#include "widgets/channel_commands.h"
#include "widgets/table_view.h"

#include <QWidget>

#include <optional>

class QLabel;
class QPushButton;

namespace widgets {

class SoundBar;

class ChannelsView final : public QWidget {
    Q_OBJECT
public:
    // `commands` outlives the view.
    explicit ChannelsView(const ChannelCommands& commands, QWidget* parent = nullptr);
    void show(const std::vector<metrics::ChannelRow>& rows);
    [[nodiscard]] int count() const { return m_model.rowCount(); }

Q_SIGNALS:
    void toast(const QString& text);

protected:
    void changeEvent(QEvent* event) override;

private:
    [[nodiscard]] std::optional<metrics::ChannelRow> chosen() const;
    [[nodiscard]] metrics::ChannelSetup setupOf(const std::string& name) const;
    void edit(const metrics::ChannelSetup& setup);
    void removeChosen();
    void showButtons();
    void retranslate();

    const ChannelCommands& m_commands;
    models::ChannelModel m_model;
    models::SortProxy m_order;
    TableView* m_table;
    QPushButton* m_add;
    QPushButton* m_edit;
    QPushButton* m_test;
    QPushButton* m_remove;
    SoundBar* m_sound;
};

} // namespace widgets
