import {
  CheckboxEntry,
  TextFieldEntry,
  isCheckboxEntryEdited,
  isTextFieldEntryEdited,
} from '@bpmn-io/properties-panel';
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';
import { useService } from 'bpmn-js-properties-panel';
import { _ } from '../texts.js';
import { readProperty, writeProperty } from './zeebe-properties.js';

/** Before the groups of Camunda 8, whose provider has the usual place of 1000 and below. */
const PLACE = 400;

/** What is ours alone, as fields: kept as extension properties, so any modeler keeps them. */
const FIELDS = [
  {
    name: 'jiaoyan.title',
    of: 'bpmn:Process',
    label: _('事项标题'),
    hint: _('表达式，如 ="准入申请：" + 姓名。不填时用流程名称。'),
  },
  {
    name: 'jiaoyan.category',
    of: 'bpmn:Process',
    label: _('分类'),
    hint: _('发起页按它归类。'),
  },
  {
    name: 'jiaoyan.retention',
    of: 'bpmn:Process',
    label: _('事项的保存期限'),
    hint: _('permanent（永久），或从办结算起的年数、天数，如 P10Y、P190D。不填时永久保存。'),
  },
  {
    name: 'jiaoyan.outcomes',
    of: 'bpmn:UserTask',
    label: _('办理结果'),
    hint: _('每个结果一个按钮，如 approve=核对属实; reject=不予通过。不填时只有“提交”。'),
  },
  {
    name: 'jiaoyan.comment-required',
    of: 'bpmn:UserTask',
    label: _('必须填意见的结果'),
    hint: _('写结果的代号，多个用逗号隔开，如 reject。'),
  },
  {
    name: 'jiaoyan.no-deputy',
    of: 'bpmn:UserTask',
    label: _('不能由代理人办理'),
    check: true,
  },
  {
    name: 'jiaoyan.recuse-from',
    of: 'bpmn:UserTask',
    label: _('回避对象'),
    hint: _('这一步办理的是谁的事，写他们的用户名，如 =[initiator]。本人和与他们有亲属、利害关系的人不能办理。'),
  },
  {
    name: 'jiaoyan.public-comment',
    of: 'bpmn:UserTask',
    label: _('对申请人公开意见的结果'),
    hint: _('写结果的代号，如 supplement, reject；其他结果的意见申请人看不到。'),
  },
  {
    name: 'jiaoyan.public-name',
    of: 'bpmn:FlowNode',
    label: _('对外名称'),
    hint: _('办事大厅里申请人看到的步骤名，如“材料审核”。不填时申请人看不到这一步。'),
    not: 'bpmn:Gateway',
  },
  {
    name: 'jiaoyan.async',
    of: 'bpmn:ServiceTask',
    label: _('提交后再办理，不让人等'),
    check: true,
  },
  {
    name: 'jiaoyan.retry',
    of: 'bpmn:ServiceTask',
    label: _('失败后的重试间隔'),
    hint: _('如 PT1M, PT5M, PT30M。'),
  },
];

class BureauPropertiesProvider {
  constructor(propertiesPanel) {
    propertiesPanel.registerProvider(PLACE, this);
  }

  getGroups(element) {
    return (groups) => {
      const owner = ownerOf(element);
      const fields = FIELDS.filter(({ of, not }) => is(owner, of) && !(not && is(owner, not)));
      if (fields.length === 0) return groups;
      const group = {
        id: 'jiaoyan',
        label: _('办理设置'),
        entries: fields.map((field) => entry(field, element)),
      };
      const [first, ...rest] = groups;
      return [first, group, ...rest].filter(Boolean);
    };
  }
}
BureauPropertiesProvider.$inject = ['propertiesPanel'];

export default {
  __init__: ['bureauPropertiesProvider'],
  bureauPropertiesProvider: ['type', BureauPropertiesProvider],
};

/** A frame stands for the process in it. */
function ownerOf(element) {
  const businessObject = getBusinessObject(element);
  return businessObject.processRef ?? businessObject;
}

/** A component of its own each time would cost the field its focus at every letter. */
function entry({ name, label, hint, check }, element) {
  return {
    id: name,
    element,
    name,
    label,
    hint,
    component: check ? CheckProperty : TextProperty,
    isEdited: check ? isCheckboxEntryEdited : isTextFieldEntryEdited,
  };
}

function TextProperty({ element, name, label, hint }) {
  const write = useWriter(element, name);
  return TextFieldEntry({
    element,
    id: name,
    label,
    description: hint,
    debounce: useService('debounceInput'),
    getValue: () => readProperty(ownerOf(element), name) ?? '',
    setValue: (value) => write(value || undefined),
  });
}

function CheckProperty({ element, name, label }) {
  const write = useWriter(element, name);
  return CheckboxEntry({
    element,
    id: name,
    label,
    getValue: () => readProperty(ownerOf(element), name) === 'true',
    setValue: (value) => write(value ? 'true' : undefined),
  });
}

function useWriter(element, name) {
  const modeling = useService('modeling');
  const moddle = useService('bpmnFactory');
  return (value) => writeProperty({ modeling, moddle, element, owner: ownerOf(element) }, name, value);
}
