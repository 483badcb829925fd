// Short facts, one a line: name at the left, value at the right.
#pragma once

#include "widgets/theme.h"

#include <QWidget>

#include <vector>

namespace widgets {

struct Fact {
    QString name;
    QString value;
    StatusLevel level = StatusLevel::Ok; // anything else colours the value and puts its shape before it
    friend bool operator==(const Fact&, const Fact&) = default;
};

// Main thread only.
class Facts final : public QWidget {
    Q_OBJECT
public:
    explicit Facts(QWidget* parent = nullptr);
    void show(std::vector<Fact> facts);
    using QWidget::show;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {180, 60}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<Fact> m_facts;
};

} // namespace widgets
