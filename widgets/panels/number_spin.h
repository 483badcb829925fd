// A number field that shows no digits it does not need: "30", "0.25", the same in every locale.
#pragma once

#include <QDoubleSpinBox>
#include <QLocale>

namespace widgets {

class NumberSpin final : public QDoubleSpinBox {
public:
    explicit NumberSpin(QWidget* parent = nullptr)
        : QDoubleSpinBox(parent)
    {
        setDecimals(3);
        setLocale(QLocale::c());
    }
    [[nodiscard]] QString textFromValue(double value) const override
    {
        return QString::number(value, 'g', 12);
    }
};

} // namespace widgets
