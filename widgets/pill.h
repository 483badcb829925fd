// A rounded button with a shape, a strong word and a quieter rest that may give way when room is short.
#pragma once

#include "widgets/theme.h"

#include <QAbstractButton>
#include <QString>

namespace widgets {

class Pill final : public QAbstractButton {
    Q_OBJECT
public:
    struct Look {
        StatusLevel level = StatusLevel::NoData;
        QColor color;
        QString strong;         // always shown
        QString rest;           // elided, or left out, unless it is kept
        bool pauseSign = false; // two bars instead of the level's shape

        friend bool operator==(const Look&, const Look&) = default;
    };

    enum class Rest { GivesWay, Kept };

    explicit Pill(QWidget* parent = nullptr, Rest rest = Rest::GivesWay);
    void show(const Look& look);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    [[nodiscard]] int strongWidth() const;
    const Rest m_rest;
    Look m_look;
};

} // namespace widgets
