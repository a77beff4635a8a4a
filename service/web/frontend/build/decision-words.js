/** The words of those parts of dmn-js that know no translation. */
import { readFileSync } from 'node:fs';

const decisionWords = JSON.parse(
  readFileSync(new URL('../lib/designer/words-dmn.json', import.meta.url), 'utf8'),
);

/** What the editors of decisions translate, for their viewer, which does not. */
const TYPES = Object.entries(decisionWords).filter(([text]) =>
  ['string', 'boolean', 'number', 'date', 'time', 'dateTime', 'Any'].includes(text),
);

/** Code for the word of a type. */
const typeWord = (code) => `(new Map(${JSON.stringify(TYPES)}).get(${code}) ?? ${code})`;

export default [
  {
    file: 'dmn-js-decision-table/lib/features/context-menu/ContextMenu.js',
    labels: { 'Decision table context menu': '决策表菜单' },
  },
  {
    file: 'dmn-js-decision-table/lib/features/drag-and-drop/DragAndDrop.js',
    pieces: { "Move ${isInput(col) ? 'Input' : 'Output'}": "移动${isInput(col) ? '输入列' : '输出列'}" },
  },
  {
    file: 'dmn-js-decision-table/lib/features/decision-table-head/components/DecisionTableHead.js',
    pieces: {
      'inputValues.text || inputExpression.typeRef': `inputValues.text || ${typeWord('inputExpression.typeRef')}`,
      'outputValues.text || typeRef': `outputValues.text || ${typeWord('typeRef')}`,
    },
  },
  {
    // A choice shows the word of what is chosen, as its list does, not the value behind it.
    file: 'dmn-js-shared/lib/components/InputSelect.js',
    pieces: {
      '"value": value,': '"value": label,',
      'event.target;\n    this.onChange(value);':
        'event.target;\n    const known = (this.props.options ?? []).find((one) => one.label === value);\n    this.onChange(known ? known.value : value);',
    },
  },
  {
    file: 'dmn-js-drd/lib/features/drill-down/DrillDown.js',
    labels: { 'Open decision table': '打开决策表', 'Open literal expression': '打开文字表达式' },
  },
];
